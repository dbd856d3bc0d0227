package dev.gantry.kernel;

import dev.gantry.kernel.ffi.Call;
import dev.gantry.kernel.ffi.SystemCall;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/// Streams over descriptors whose calls do not wait for another process: regular files.
final class FileStreams {

    /// Bytes of one call.
    private static final int LARGEST = 128 * 1024;

    private FileStreams() {}

    /// read(2) on a regular file.
    static final class Input extends InputStream {

        private final OwnedFd fd;

        Input(OwnedFd fd) {
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

    /// write(2) on a regular file; writes all.
    static final class Output extends OutputStream {

        private final OwnedFd fd;

        Output(OwnedFd fd) {
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
}
