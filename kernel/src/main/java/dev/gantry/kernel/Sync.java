package dev.gantry.kernel;

import dev.gantry.kernel.ffi.Call;
import dev.gantry.kernel.ffi.SystemCall;
import java.nio.file.Path;

/// What makes changes survive a power cut. All of these block until the device has answered.
public final class Sync {

    private Sync() {}

    /// fsync(2) of a directory: its entries, after a rename or removal.
    public static void directory(Path trusted) throws KernelException {
        try (OwnedFd directory = Resolution.trusted(trusted.toString(), 0, OpenMode.READ, OpenMode.DIRECTORY)) {
            Kernel.call(Call.FSYNC, directory, number -> SystemCall.invoke(Call.FSYNC, number));
        }
    }

    /// syncfs(2): everything written to the file system that `trusted` lies on.
    public static void fileSystem(Path trusted) throws KernelException {
        try (OwnedFd directory = Resolution.trusted(trusted.toString(), 0, OpenMode.READ)) {
            Kernel.call(Call.SYNCFS, directory, number -> SystemCall.invoke(Call.SYNCFS, number));
        }
    }

    /// Sets the length of a file; a longer one gets a hole.
    public static void truncate(OwnedFd file, long size) throws KernelException {
        FileAttributes.truncate(file, size);
    }

    /// Moves the position of a file, in bytes from its start.
    public static void seek(OwnedFd file, long position) throws KernelException {
        Kernel.call(Call.LSEEK, file, number -> SystemCall.invoke(Call.LSEEK, number, position, 0));
    }
}
