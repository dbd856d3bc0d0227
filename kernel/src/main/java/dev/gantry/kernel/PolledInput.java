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
import org.jspecify.annotations.Nullable;

/// Reads a pipe, terminal or socket; the calling thread parks while there is nothing to read.
///
/// Makes the open file description non-blocking, for everybody who shares it; the other end of a pipe or terminal
/// is another description and stays as it is. The end of a terminal (EIO on its master) is the end of the stream.
public final class PolledInput extends InputStream {

    private static final int LARGEST = 64 * 1024;
    private static final int SPLICE_F_NONBLOCK = 2;
    private static final short POLLIN = 1;
    private static final short POLLHUP = 0x10;
    private static final long POLLFD_SIZE = 8;
    private static final long POLLFD_EVENTS = 4;
    private static final long POLLFD_RETURNED = 6;

    private final Poller poller;
    private final OwnedFd fd;
    private final @Nullable Pipe relay;
    /// What the relay holds; what a former owner has left there is counted as the most that it can be.
    private long relayed;

    /// Takes over the descriptor: closing the stream closes it.
    public PolledInput(Poller poller, OwnedFd fd) throws KernelException {
        this(poller, fd, null);
    }

    private PolledInput(Poller poller, OwnedFd fd, @Nullable Pipe relay) throws KernelException {
        this.poller = poller;
        this.fd = fd;
        this.relay = relay;
        Kernel.makeNonBlocking(fd);
        if (relay != null) {
            Kernel.makeNonBlocking(relay.read());
            relayed = (polled(relay.read()) & POLLIN) != 0 ? Long.MAX_VALUE : 0;
        }
    }

    /// A terminal's master, whose output [#moveTo] takes through a pipe, for the kernel splices no other way. What is
    /// in the pipe outlives this process if somebody else holds the pipe, too.
    ///
    /// @param relay taken over as the master is
    public static PolledInput terminal(Poller poller, OwnedFd master, Pipe relay) throws KernelException {
        return new PolledInput(poller, master, relay);
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
                await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while reading " + fd);
            }
        }
    }

    /// Parks until there is something to read or to move, or the end.
    ///
    /// @throws KernelException EBADF if this is closed meanwhile
    public void await() throws KernelException, InterruptedException {
        if (relayed == 0) {
            poller.awaitReadable(fd);
        }
    }

    /// Whether the last writer has gone and nothing is left. Does not wait.
    public boolean atEnd() throws KernelException {
        short events = polled(fd);
        return relayed == 0 && (events & POLLIN) == 0 && (events & POLLHUP) != 0;
    }

    private static short polled(OwnedFd fd) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment poll = arena.allocate(POLLFD_SIZE);
            MemorySegment now = arena.allocate(2L * Long.BYTES);
            poll.set(ValueLayout.JAVA_SHORT, POLLFD_EVENTS, POLLIN);
            long _ = Kernel.call(Call.PPOLL, fd, number -> {
                poll.set(ValueLayout.JAVA_INT, 0, number);
                return SystemCall.invoke(Call.PPOLL, poll.address(), 1, now.address(), 0, 0);
            });
            return poll.get(ValueLayout.JAVA_SHORT, POLLFD_RETURNED);
        }
    }

    private long attempt(byte[] bytes, int offset, int length) throws KernelException {
        if (relay != null && relayed > 0) {
            long count = attempt(relay.read(), bytes, offset, length);
            if (!Kernel.failedWith(Errno.EAGAIN, count)) {
                relayed -= Math.max(count, 0);
                return count;
            }
            relayed = 0;
        }
        return attempt(fd, bytes, offset, length);
    }

    private static long attempt(OwnedFd from, byte[] bytes, int offset, int length) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(length);
            long count = Kernel.tried(from, number -> SystemCall.invoke(Call.READ, number, buffer.address(), length));
            if (count > 0) {
                MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, bytes, offset, (int) count);
            }
            return count;
        }
    }

    /// Moves what is there, at most so many bytes, into a file, without a copy in this process: should it be killed,
    /// each byte is here or there; splice(2). Does not wait.
    ///
    /// @return bytes moved; zero when there is nothing now; -1 at the end
    /// @throws KernelException ENOSPC where the file system is full: then nothing is moved
    public int moveTo(JournalFile file, long position, int length) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment offset = arena.allocate(ValueLayout.JAVA_LONG);
            offset.set(ValueLayout.JAVA_LONG, 0, position);
            long count = relay == null
                    ? splice(fd, file.descriptor(), offset.address(), length)
                    : throughRelay(relay, file.descriptor(), offset.address(), length);
            if (count == 0 || (relay != null && Kernel.failedWith(Errno.EIO, count))) {
                return -1;
            }
            return Kernel.failedWith(Errno.EAGAIN, count)
                    ? 0
                    : (int) Kernel.check("splice", fd + " to " + file.descriptor(), count);
        }
    }

    private long throughRelay(Pipe pipe, OwnedFd file, long offset, int length) throws KernelException {
        if (relayed == 0) {
            long count = splice(fd, pipe.write(), 0, length);
            if (count <= 0) {
                return count;
            }
            relayed = count;
        }
        long count = splice(pipe.read(), file, offset, length);
        if (Kernel.failedWith(Errno.EAGAIN, count)) {
            relayed = 0;
            return throughRelay(pipe, file, offset, length);
        }
        relayed -= Math.max(count, 0);
        return count;
    }

    private static long splice(OwnedFd from, OwnedFd to, long offset, int length) throws KernelException {
        int target = to.acquire();
        try {
            return Kernel.tried(
                    from,
                    source -> SystemCall.invoke(Call.SPLICE, source, 0, target, offset, length, SPLICE_F_NONBLOCK));
        } finally {
            to.release();
        }
    }

    @Override
    public void close() {
        fd.close();
        if (relay != null) {
            relay.close();
        }
    }
}
