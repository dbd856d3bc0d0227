package dev.gantry.kernel;

import dev.gantry.kernel.ffi.Call;
import dev.gantry.kernel.ffi.DescriptorMessage;
import dev.gantry.kernel.ffi.SystemCall;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/// A file descriptor with one owner, who closes it.
///
/// Thread-safe. Closing is idempotent, and a number is given back to the kernel only when no call uses it any more:
/// a call in progress on another thread never meets a recycled number. A close during such a call therefore takes
/// effect when the call returns; a thread that waits in a [Poller] is woken at once, with an exception. Every
/// descriptor is close-on-exec. A descriptor that is used after its close gives EBADF.
///
/// The number itself never leaves this package; another process gets a descriptor by [Spawn].
public final class OwnedFd implements AutoCloseable {

    private static final System.Logger LOGGER = System.getLogger(OwnedFd.class.getName());

    private static final int AT_FDCWD = -100;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;
    private static final short POLLIN = 1;
    private static final int F_GETFD = 1;
    private static final long FD_CLOEXEC = 1;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int STANDARD_ERROR = 2;

    private static final long EFD_CLOEXEC_NONBLOCK = 0x80800;

    /// Set in [#uses] once closed; the other bits count the calls in progress.
    private static final int CLOSED = Integer.MIN_VALUE;

    /// Told of the close before the number is given back.
    interface CloseListener {
        void descriptorClosing();
    }

    private final int number;
    private final String name;
    private final AtomicInteger uses = new AtomicInteger();
    private final AtomicReference<List<CloseListener>> listeners = new AtomicReference<>(List.of());

    /// @param number a descriptor that nobody else closes
    /// @param name what it is, for messages: a path or a word
    OwnedFd(long number, String name) {
        this.number = Math.toIntExact(number);
        this.name = name;
    }

    /// A descriptor that is readable once somebody has written to it; eventfd(2).
    public static OwnedFd event() throws KernelException {
        return new OwnedFd(
                Kernel.call(Call.EVENTFD2, "event", () -> SystemCall.invoke(Call.EVENTFD2, 0, EFD_CLOEXEC_NONBLOCK)),
                "eventfd");
    }

    /// A second descriptor of one that whoever started this process has handed to it, which stays open.
    ///
    /// @throws KernelException EBADF if it is not open, or is this process's own, as close-on-exec shows
    public static OwnedFd inherited(int number) throws KernelException {
        String name = "descriptor " + number;
        long flags = Kernel.call(Call.FCNTL, name, () -> SystemCall.invoke(Call.FCNTL, number, F_GETFD, 0));
        if (number > STANDARD_ERROR && (flags & FD_CLOEXEC) != 0) {
            throw new KernelException("use of", name, Errno.EBADF, "it was not handed to this process");
        }
        return new OwnedFd(
                Kernel.call(Call.FCNTL, name, () -> SystemCall.invoke(Call.FCNTL, number, F_DUPFD_CLOEXEC, 3)), name);
    }

    /// A connection to whoever listens on a socket of the file system, unix(7).
    ///
    /// @throws KernelException ENAMETOOLONG for a path of more than 107 bytes
    public static OwnedFd connect(Path socket) throws KernelException {
        return new OwnedFd(Kernel.check("connect", socket, DescriptorMessage.connect(socket)), socket.toString());
    }

    /// Sends this descriptor over a connection, with a text that says what it is; it stays open here.
    public void sendOver(OwnedFd connection, String text) throws KernelException {
        int target = connection.acquire();
        try {
            Kernel.call(Call.SENDMSG, connection, this, sent -> DescriptorMessage.send(target, sent, text));
        } finally {
            connection.release();
        }
    }

    /// A second descriptor of the same open file description (fcntl(2), `F_DUPFD_CLOEXEC`).
    public OwnedFd duplicate() throws KernelException {
        return duplicateAtLeast(3);
    }

    /// Like [#duplicate()], with a number not below `lowest`.
    OwnedFd duplicateAtLeast(int lowest) throws KernelException {
        return new OwnedFd(Kernel.fcntl(this, F_DUPFD_CLOEXEC, lowest), name);
    }

    /// Whether the number is not below `lowest`.
    boolean isAtLeast(int lowest) {
        return number >= lowest;
    }

    /// Sets the length of a file; a longer one gets a hole.
    public void truncate(long size) throws KernelException {
        FileAttributes.truncate(this, size);
    }

    /// Moves the position of a file, in bytes from its start.
    public void seek(long position) throws KernelException {
        Kernel.call(Call.LSEEK, this, offset -> SystemCall.invoke(Call.LSEEK, offset, position, 0));
    }

    /// What the symbolic link says that this is a reference to.
    public String linkTarget() throws KernelException {
        return Entries.readLink(new Entries.Place(this, "", name));
    }

    /// Where content goes on in a file at or behind a place; empty if nothing but a hole follows.
    public OptionalLong nextData(long position) throws KernelException {
        return next(SEEK_DATA, position);
    }

    /// Where the next hole of a file begins, its end at the latest; empty behind the end.
    public OptionalLong nextHole(long position) throws KernelException {
        return next(SEEK_HOLE, position);
    }

    private OptionalLong next(int what, long position) throws KernelException {
        long found = Kernel.tried(this, number -> SystemCall.invoke(Call.LSEEK, number, position, what));
        return Kernel.failedWith(Errno.ENXIO, found)
                ? OptionalLong.empty()
                : OptionalLong.of(Kernel.check(Call.LSEEK.symbol(), name, found));
    }

    /// Opens what this is a reference to ([OpenMode#PATH]), by way of /proc: the link there leads to the open file
    /// itself. Whoever calls knows its type, as a FIFO would block and a device may act.
    public OwnedFd reopen(OpenMode... modes) throws KernelException {
        int link = acquire();
        try (Arena arena = Arena.ofConfined()) {
            long path = arena.allocateFrom("/proc/self/fd/" + link).address();
            return new OwnedFd(
                    Kernel.call(
                            Call.OPENAT,
                            name,
                            () -> SystemCall.invoke(Call.OPENAT, AT_FDCWD, path, OpenMode.flags(modes), 0)),
                    name);
        } finally {
            release();
        }
    }

    /// Whether there is something to be read, or nothing ever will be; poll(2).
    public boolean isReadable() throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment now = arena.allocate(ValueLayout.JAVA_LONG, 2);
            MemorySegment polled = arena.allocate(ValueLayout.JAVA_LONG);
            long ready = Kernel.call(Call.PPOLL, this, number -> {
                polled.set(ValueLayout.JAVA_INT, 0, number);
                polled.set(ValueLayout.JAVA_SHORT, Integer.BYTES, POLLIN);
                return SystemCall.invoke(Call.PPOLL, polled.address(), 1, now.address(), 0, 0);
            });
            return ready > 0;
        }
    }

    public boolean isOpen() {
        return uses.get() >= 0;
    }

    /// Reads from the file position; for regular files. Pipes, terminals and sockets: [PolledInput].
    ///
    /// Closing the stream closes this descriptor.
    public InputStream input() {
        return new FileStreams.Input(this);
    }

    /// Writes at the file position; for regular files. Pipes, terminals and sockets: [PolledOutput].
    ///
    /// Closing the stream closes this descriptor. Not buffered.
    public OutputStream output() {
        return new FileStreams.Output(this);
    }

    /// Writes a regular file from its start in large blocks, as [OpenMode#DIRECT] wants it.
    ///
    /// Buffered: the last block is written, and the file's length set, by closing the stream, which closes this
    /// descriptor.
    public OutputStream alignedOutput() {
        return new FileStreams.AlignedOutput(this);
    }

    /// A path of what this is open on, for calls that take paths, also of other processes; good until it is closed.
    public String path() throws KernelException {
        int number = acquire();
        try {
            return "/proc/" + ProcessHandle.current().pid() + "/fd/" + number;
        } finally {
            release();
        }
    }

    /// Marks the start of a call on this descriptor; [#release()] must follow.
    int acquire() throws KernelException {
        int before = uses.getAndUpdate(count -> count < 0 ? count : count + 1);
        if (before < 0) {
            throw new KernelException("use of", name, Errno.EBADF, "descriptor is closed");
        }
        return number;
    }

    /// Marks the end of a call; gives the number back if this was the last one after a close.
    void release() {
        if (uses.decrementAndGet() == CLOSED) {
            closeNumber();
        }
    }

    /// Adds who is told of the close: a reader and a writer may wait for the same descriptor.
    void listen(CloseListener listener) {
        listeners.updateAndGet(
                before -> Stream.concat(before.stream(), Stream.of(listener)).toList());
    }

    /// Ends the interest of a listener.
    void unlisten(CloseListener former) {
        listeners.updateAndGet(
                before -> before.stream().filter(other -> !other.equals(former)).toList());
    }

    @Override
    public void close() {
        // counts itself as a call in progress while the listener removes the number from its epoll set
        int before = uses.getAndUpdate(count -> count < 0 ? count : count + 1 + CLOSED);
        if (before < 0) {
            return;
        }
        try {
            listeners.get().forEach(CloseListener::descriptorClosing);
        } finally {
            release();
        }
    }

    private void closeNumber() {
        // not repeated on EINTR: Linux has freed the number by then, see close(2)
        long result = SystemCall.invoke(Call.CLOSE, number);
        if (result < 0) {
            LOGGER.log(System.Logger.Level.WARNING, "close {0}: {1}", name, new Errno((int) -result));
        }
    }

    /// What the descriptor is, for messages.
    @Override
    public String toString() {
        return name;
    }
}
