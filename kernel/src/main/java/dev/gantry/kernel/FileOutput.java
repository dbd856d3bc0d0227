package dev.gantry.kernel;

import dev.gantry.kernel.ffi.Call;
import dev.gantry.kernel.ffi.SystemCall;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/// write(2) on a regular file; writes all.
final class FileOutput extends OutputStream {

    private static final int LARGEST = 128 * 1024;

    private final OwnedFd fd;

    FileOutput(OwnedFd fd) {
        this.fd = fd;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(Math.min(Math.max(length, 1), LARGEST));
            int done = 0;
            while (done < length) {
                int wanted = Math.min(length - done, LARGEST);
                MemorySegment.copy(bytes, offset + done, buffer, ValueLayout.JAVA_BYTE, 0, wanted);
                done += (int) Kernel.call(
                        Call.WRITE, fd, number -> SystemCall.invoke(Call.WRITE, number, buffer.address(), wanted));
            }
        }
    }

    @Override
    public void close() {
        fd.close();
    }
}
