package dev.gantry.kernel;

import dev.gantry.kernel.ffi.Call;
import dev.gantry.kernel.ffi.SystemCall;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/// Reads a pipe, terminal or socket; the calling thread parks while there is nothing to read.
///
/// Makes the open file description non-blocking, for everybody who shares it; the other end of a pipe or terminal is
/// another
/// description and stays as it is. The end of a terminal (EIO on its master) is the end of the stream.
public final class PolledInput extends InputStream {

    private static final int LARGEST = 64 * 1024;

    private final Poller poller;
    private final OwnedFd fd;

    /// Takes over the descriptor: closing the stream closes it.
    public PolledInput(Poller poller, OwnedFd fd) throws KernelException {
        this.poller = poller;
        this.fd = fd;
        Kernel.makeNonBlocking(fd);
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
        while (true) {
            long count = attempt(bytes, offset, Math.min(length, LARGEST));
            if (count == 0 || Kernel.failedWith(Errno.EIO, count)) {
                return -1;
            }
            if (!Kernel.failedWith(Errno.EAGAIN, count)) {
                return (int) Kernel.check("read", fd.toString(), count);
            }
            try {
                poller.awaitReadable(fd);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while reading " + fd);
            }
        }
    }

    private long attempt(byte[] bytes, int offset, int length) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(length);
            long count = Kernel.tried(fd, number -> SystemCall.invoke(Call.READ, number, buffer.address(), length));
            if (count > 0) {
                MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, bytes, offset, (int) count);
            }
            return count;
        }
    }

    @Override
    public void close() {
        fd.close();
    }
}
