package dev.gantry.kernel;

import dev.gantry.kernel.ffi.Call;
import dev.gantry.kernel.ffi.SystemCall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Files of the host by paths that only Gantry or the administrator decides on, as descriptors.
public final class HostFiles {

    private static final int PRIVATE = 0600;
    private static final int KEEP_SIZE = 1;

    private static final String BOOT = readBootId();

    private HostFiles() {}

    /// Tells this boot of the host from every other one: no process outlives one.
    public static String bootId() {
        return BOOT;
    }

    private static String readBootId() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Opens a file, following symlinks; one that [OpenMode#CREATE] makes has mode 0600.
    public static OwnedFd open(Path trusted, OpenMode... modes) throws KernelException {
        return Resolution.trusted(trusted.toString(), PRIVATE, modes);
    }

    /// Takes space for so many bytes from the beginning of a file, whose size stays: who writes them finds it, also
    /// on a file system that is full by then; fallocate(2). Does nothing where the file system cannot.
    ///
    /// @throws KernelException ENOSPC if there is none
    public static void reserve(OwnedFd file, long bytes) throws KernelException {
        try {
            Kernel.call(Call.FALLOCATE, file, number -> SystemCall.invoke(Call.FALLOCATE, number, KEEP_SIZE, 0, bytes));
        } catch (KernelException e) {
            if (!e.errno().equals(Errno.EOPNOTSUPP)) {
                throw e;
            }
        }
    }

    /// Makes everything durable that was written to the file system that a path lies on, syncfs(2). Blocks until the
    /// device has answered.
    public static void syncFileSystem(Path trusted) throws KernelException {
        try (OwnedFd directory = Resolution.trusted(trusted.toString(), 0, OpenMode.READ)) {
            Kernel.call(Call.SYNCFS, directory, number -> SystemCall.invoke(Call.SYNCFS, number));
        }
    }
}
