package dev.gantry.kernel;

import dev.gantry.kernel.ffi.Call;
import dev.gantry.kernel.ffi.Layouts;
import dev.gantry.kernel.ffi.SystemCall;
import dev.gantry.kernel.ffi.Termios;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/// A pseudo-terminal of a devpts instance, pty(7).
///
/// @param peer the side that programs have as their terminal
public record Pty(OwnedFd master, OwnedFd peer) implements AutoCloseable {

    private static final long TIOCSPTLCK = 0x40045431L;
    private static final long TIOCGPTPEER = 0x5441L;
    private static final long TIOCSWINSZ = 0x5414L;
    private static final long O_RDWR_NOCTTY_CLOEXEC = 0x2 | 0x100 | 0x80000;
    private static final long DEVPTS_SUPER_MAGIC = 0x1cd1;

    /// Of `struct statfs`, whose first member is the type, on both architectures.
    private static final long STATFS_SIZE = 120;

    /// Opens the multiplexer of a devpts mount, attached or not, and the peer without resolving a path
    /// (ioctl_tty(2)).
    ///
    /// Whoever may mount in a container decides what lies at its /dev/pts: opening a device there could act on the
    /// host, so the directory has to be a devpts, and nothing may be mounted on its multiplexer.
    ///
    /// @throws KernelException ENOTTY if the directory is not a devpts
    public static Pty open(OwnedFd devpts) throws KernelException {
        verify(devpts);
        OwnedFd master = Resolution.inRootAndMount(devpts, "ptmx", OpenMode.READ_WRITE);
        try (Arena arena = Arena.ofConfined()) {
            long unlocked = arena.allocate(ValueLayout.JAVA_INT).address();
            Kernel.call(Call.IOCTL, master, number -> SystemCall.invoke(Call.IOCTL, number, TIOCSPTLCK, unlocked));
            long peer = Kernel.call(
                    Call.IOCTL,
                    master,
                    number -> SystemCall.invoke(Call.IOCTL, number, TIOCGPTPEER, O_RDWR_NOCTTY_CLOEXEC));
            return new Pty(master, new OwnedFd(peer, "terminal"));
        } catch (KernelException e) {
            master.close();
            throw e;
        }
    }

    private static void verify(OwnedFd directory) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(STATFS_SIZE, Long.BYTES);
            Kernel.call(Call.FSTATFS, directory, number -> SystemCall.invoke(Call.FSTATFS, number, status.address()));
            if (status.get(ValueLayout.JAVA_LONG, 0) != DEVPTS_SUPER_MAGIC) {
                throw new KernelException("open terminal", directory.toString(), Errno.ENOTTY, "not a devpts");
            }
        }
    }

    /// Sets the window size in characters; the terminal's foreground processes get SIGWINCH.
    public static void resize(OwnedFd master, int rows, int columns) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(Layouts.WINSIZE);
            size.set(ValueLayout.JAVA_SHORT, Layouts.offset(Layouts.WINSIZE, "ws_row"), (short) rows);
            size.set(ValueLayout.JAVA_SHORT, Layouts.offset(Layouts.WINSIZE, "ws_col"), (short) columns);
            Kernel.call(
                    Call.IOCTL, master, number -> SystemCall.invoke(Call.IOCTL, number, TIOCSWINSZ, size.address()));
        }
    }

    /// Has a line feed of the program's go out as it is, for a terminal behind which another one adds the carriage
    /// return.
    public static void keepLineFeeds(OwnedFd master) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            Termios settings = Termios.in(arena);
            Kernel.call(Call.IOCTL, master, settings::read);
            settings.keepLineFeeds();
            Kernel.call(Call.IOCTL, master, settings::write);
        }
    }

    /// Sends the master to whoever listens on a socket of the file system, with a text that says what it is.
    ///
    /// @throws KernelException ENAMETOOLONG for a path of more than 107 bytes
    public void sendMaster(Path socket, String text) throws KernelException {
        try (OwnedFd connection = OwnedFd.connect(socket)) {
            master.sendOver(connection, text);
        }
    }

    @Override
    public void close() {
        master.close();
        peer.close();
    }
}
