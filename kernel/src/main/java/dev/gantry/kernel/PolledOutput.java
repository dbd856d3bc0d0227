package dev.gantry.kernel;

import dev.gantry.kernel.ffi.Call;
import dev.gantry.kernel.ffi.SystemCall;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/// Writes to a pipe, terminal or socket; the calling thread parks while it is full.
///
/// Makes the open file description non-blocking, see [PolledInput]. EPIPE comes as an exception: the JVM ignores
/// SIGPIPE.
public final class PolledOutput extends OutputStream {

    private static final int LARGEST = 64 * 1024;

    private final Poller poller;
    private final OwnedFd fd;

    /// Takes over the descriptor: closing the stream closes it.
    public PolledOutput(Poller poller, OwnedFd fd) throws KernelException {
        this.poller = poller;
        this.fd = fd;
        Kernel.makeNonBlocking(fd);
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        int done = 0;
        while (done < length) {
            long count = attempt(bytes, offset + done, Math.min(length - done, LARGEST));
            if (Kernel.failedWith(Errno.EAGAIN, count)) {
                await();
            } else {
                done += (int) Kernel.check("write", fd.toString(), count);
            }
        }
    }

    private void await() throws IOException {
        try {
            poller.awaitWritable(fd);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while writing " + fd);
        }
    }

    private long attempt(byte[] bytes, int offset, int length) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(length);
            MemorySegment.copy(bytes, offset, buffer, ValueLayout.JAVA_BYTE, 0, length);
            return Kernel.tried(fd, number -> SystemCall.invoke(Call.WRITE, number, buffer.address(), length));
        }
    }

    @Override
    public void close() {
        fd.close();
    }
}
