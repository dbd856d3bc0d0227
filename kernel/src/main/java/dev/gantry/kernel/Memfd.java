package dev.gantry.kernel;

import dev.gantry.kernel.ffi.Call;
import dev.gantry.kernel.ffi.SystemCall;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.util.Map;
import java.util.Set;

/// memfd_create(2): files in memory without a name.
public final class Memfd {

    private static final int MFD_CLOEXEC = 1;
    private static final int MFD_ALLOW_SEALING = 2;
    private static final int MFD_EXEC = 0x10;
    private static final int F_ADD_SEALS = 1033;
    /// `F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE`.
    private static final int EVERY_SEAL = 0xF;

    private static final int EXECUTABLE = 0700;
    private static final String FILE = "program";

    /// Asked once: a kernel before 6.3 refuses the flag, others may refuse it by `vm.memfd_noexec`.
    private static final class Marked {
        static final boolean KNOWN = ask();

        private static boolean ask() {
            try (OwnedFd _ = create("probe", MFD_EXEC)) {
                return true;
            } catch (KernelException e) {
                return !e.errno().equals(Errno.EINVAL);
            }
        }
    }

    private Memfd() {}

    /// Whether a file says from the start that it will be executed, by `MFD_EXEC` (Linux 6.3).
    public static boolean marksExecutables() {
        return Marked.KNOWN;
    }

    /// An executable that nobody can change any more, also not through /proc/PID/exe (CVE-2019-5736).
    ///
    /// Where `vm.memfd_noexec` is 2 the kernel refuses with EACCES: then the file is on a tmpfs that
    /// nobody sees and that is read-only.
    public static OwnedFd executable(String name, byte[] content) throws IOException {
        OwnedFd file;
        try {
            file = create(name, marksExecutables() ? MFD_EXEC : 0);
        } catch (KernelException e) {
            if (!e.errno().equals(Errno.EACCES)) {
                throw e;
            }
            return onTmpfs(name, content);
        }
        try {
            // the stream is not closed: it would close the descriptor
            OutputStream out = file.output();
            out.write(content);
            Kernel.fcntl(file, F_ADD_SEALS, EVERY_SEAL);
            return file;
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /// The one descriptor that is open for writing is closed before another is opened to execute the file (ETXTBSY).
    static OwnedFd onTmpfs(String name, byte[] content) throws IOException {
        try (OwnedFd directory = Mounts.fileSystem(
                "tmpfs",
                Map.of("mode", "0700"),
                Set.of(Mounts.Attribute.NO_SET_USER_ID, Mounts.Attribute.NO_DEVICES))) {
            try (OutputStream out = Resolution.inRoot(
                            directory, FILE, EXECUTABLE, OpenMode.WRITE, OpenMode.CREATE, OpenMode.EXCLUSIVE)
                    .output()) {
                out.write(content);
            }
            Mounts.makeReadOnly(directory, false);
            return Resolution.inRoot(directory, FILE, 0, OpenMode.READ);
        } catch (KernelException e) {
            throw new KernelException(e.call(), name + " " + e.subject(), e.errno());
        }
    }

    private static OwnedFd create(String name, int flag) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            long text = CString.in(arena, name, name).address();
            long result = SystemCall.invoke(Call.MEMFD_CREATE, text, MFD_CLOEXEC | MFD_ALLOW_SEALING | flag);
            return new OwnedFd(Kernel.check("memfd_create", name, result), name);
        }
    }
}
