package dev.gantry.store.tar;

import dev.gantry.oci.MalformedException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// File names of archives as text.
public final class Names {
    /// The longest name, in characters (`PATH_MAX`).
    static final int MAX_LENGTH = 4096;

    private Names() {}

    /// Decodes UTF-8; a byte that is none becomes U+DC80–U+DCFF, which the kernel module turns back into the byte.
    static String decode(byte[] bytes, int offset, int length) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes, offset, length);
        CharBuffer out = CharBuffer.allocate(length);
        while (true) {
            CoderResult result = decoder.decode(in, out, true);
            if (result.isUnderflow()) {
                return out.flip().toString();
            }
            for (int i = 0; i < result.length(); i++) {
                out.put((char) (0xDC00 | (in.get() & 0xFF)));
            }
            decoder.reset();
        }
    }

    /// The bytes of a name; what [#decode] has made of bytes that are no UTF-8 becomes those bytes again.
    static byte[] encode(String name) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(name.length());
        name.codePoints().forEach(point -> {
            if (point >= 0xDC80 && point <= 0xDCFF) {
                bytes.write(point - 0xDC00);
            } else {
                bytes.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
            }
        });
        return bytes.toByteArray();
    }

    /// The components of a name relative to the layer's root: without empty ones and `.`, with `..` taken lexically,
    /// as Docker cleans names.
    ///
    /// @throws MalformedException if the name leads out of the root, or is too long
    public static List<String> components(String name) throws MalformedException {
        if (name.length() > MAX_LENGTH) {
            throw new MalformedException(
                    "tar entry with a name of %d characters, limit %d".formatted(name.length(), MAX_LENGTH));
        }
        List<String> components = new ArrayList<>();
        for (String component : name.split("/", -1)) {
            switch (component) {
                case "", "." -> {}
                case ".." -> {
                    if (components.isEmpty() && !name.startsWith("/")) {
                        throw new MalformedException("tar entry \"%s\" leads out of the layer".formatted(name));
                    }
                    if (!components.isEmpty()) {
                        components.removeLast();
                    }
                }
                default -> components.add(component);
            }
        }
        return components;
    }
}
