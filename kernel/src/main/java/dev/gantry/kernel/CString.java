package dev.gantry.kernel;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;

/// Names as the kernel has them: bytes without NUL. A byte that is not UTF-8 is a lone surrogate U+DC80 to U+DCFF
/// in our strings, so that every name survives the way there and back (the scheme of Python's PEP 383).
final class CString {

    private CString() {}

    /// @param subject for the exception
    /// @throws KernelException EINVAL if the text has a NUL inside: the kernel would see another name
    static MemorySegment in(Arena arena, String text, String subject) throws KernelException {
        if (text.indexOf('\0') >= 0) {
            throw new KernelException("name of", subject, Errno.EINVAL, "it has a NUL byte");
        }
        byte[] bytes = bytes(text);
        MemorySegment segment = arena.allocate(bytes.length + 1L);
        MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return segment;
    }

    static byte[] bytes(String text) {
        if (isUnicode(text)) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        text.codePoints().forEach(point -> {
            if (point >= 0xDC80 && point <= 0xDCFF) {
                bytes.write(point - 0xDC00);
            } else {
                bytes.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
            }
        });
        return bytes.toByteArray();
    }

    private static boolean isUnicode(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0xDC80 && text.charAt(i) <= 0xDCFF) {
                return false;
            }
        }
        return true;
    }

    static String text(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length + 1);
        while (decoder.decode(in, out, true).isError()) {
            out.put((char) (0xDC00 + (in.get() & 0xFF)));
            decoder.reset();
        }
        return out.flip().toString();
    }
}
