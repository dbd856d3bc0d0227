package dev.gantry.kernel;

import dev.gantry.kernel.ffi.Call;
import dev.gantry.kernel.ffi.SystemCall;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/// read(2) on a regular file.
final class FileInput extends InputStream {

    private static final int LARGEST = 128 * 1024;

    private final OwnedFd fd;

    FileInput(OwnedFd fd) {
        this.fd = fd;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) == -1 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        int wanted = Math.min(length, LARGEST);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(wanted);
            int count = (int) Kernel.call(
                    Call.READ, fd, number -> SystemCall.invoke(Call.READ, number, buffer.address(), wanted));
            MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, bytes, offset, count);
            return count == 0 ? -1 : count;
        }
    }

    @Override
    public void close() {
        fd.close();
    }
}
