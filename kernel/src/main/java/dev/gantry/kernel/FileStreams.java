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
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// Streams over descriptors whose calls do not wait for another process: regular files.
final class FileStreams {

    /// Bytes of one call.
    private static final int LARGEST = 128 * 1024;

    private FileStreams() {}

    /// Memory for the kernel to copy to and from, kept between calls: new memory is cleared first, which takes as long
    /// as what it is wanted for.
    private static final class Buffers {

        private static final BlockingQueue<MemorySegment> IDLE = new ArrayBlockingQueue<>(8);

        static MemorySegment take() {
            MemorySegment idle = IDLE.poll();
            return idle == null ? Arena.ofAuto().allocate(LARGEST) : idle;
        }

        static void giveBack(MemorySegment buffer) {
            boolean _ = IDLE.offer(buffer); // else the garbage collector frees it
        }
    }

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
            MemorySegment buffer = Buffers.take();
            try {
                int count = (int) Kernel.call(
                        Call.READ, fd, number -> SystemCall.invoke(Call.READ, number, buffer.address(), wanted));
                MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, bytes, offset, count);
                return count == 0 ? -1 : count;
            } finally {
                Buffers.giveBack(buffer);
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
            MemorySegment buffer = Buffers.take();
            try {
                int done = 0;
                while (done < length) {
                    int wanted = Math.min(length - done, LARGEST);
                    MemorySegment.copy(bytes, offset + done, buffer, ValueLayout.JAVA_BYTE, 0, wanted);
                    done += (int) Kernel.call(
                            Call.WRITE, fd, number -> SystemCall.invoke(Call.WRITE, number, buffer.address(), wanted));
                }
            } finally {
                Buffers.giveBack(buffer);
            }
        }

        @Override
        public void close() {
            fd.close();
        }
    }

    /// write(2) from memory, at positions and of lengths that are multiples of any device's block.
    static final class AlignedOutput extends OutputStream {

        /// The largest logical block that Linux knows.
        private static final int BLOCK = 64 * 1024;

        /// Few files are larger than the first buffer.
        private static final int FIRST = 256 * 1024;

        private static final int LARGE = 4 << 20;

        private final OwnedFd fd;
        private final Arena arena = Arena.ofShared(); // who closes the stream may be another thread than who writes
        private MemorySegment buffer = arena.allocate(FIRST, BLOCK);
        private int pending;
        private long written;

        AlignedOutput(OwnedFd fd) {
            this.fd = fd;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            for (int done = 0; done < length; ) {
                int count = Math.min(length - done, (int) buffer.byteSize() - pending);
                MemorySegment.copy(bytes, offset + done, buffer, ValueLayout.JAVA_BYTE, pending, count);
                pending += count;
                done += count;
                if (pending == buffer.byteSize()) {
                    drain(pending);
                    buffer = buffer.byteSize() == LARGE ? buffer : arena.allocate(LARGE, BLOCK);
                }
            }
        }

        private void drain(int length) throws KernelException {
            for (int done = 0; done < length; ) {
                long from = buffer.address() + done;
                long left = length - (long) done;
                done += (int) Kernel.call(Call.WRITE, fd, number -> SystemCall.invoke(Call.WRITE, number, from, left));
            }
            written += pending;
            pending = 0;
        }

        @Override
        public void close() throws IOException {
            if (!arena.scope().isAlive()) {
                return;
            }
            try (fd;
                    Arena _ = arena) {
                int whole = Math.ceilDiv(pending, BLOCK) * BLOCK;
                if (whole > 0) {
                    buffer.asSlice(pending, whole - pending).fill((byte) 0);
                    drain(whole);
                    fd.truncate(written);
                }
            }
        }
    }
}
