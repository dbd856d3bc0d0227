package dev.gantry.kernel;

import java.nio.file.Path;

/// Files of the host by paths that only Gantry or the administrator decides on, as descriptors.
public final class HostFiles {

    private static final int PRIVATE = 0600;

    private HostFiles() {}

    /// Opens a file, following symlinks; one that [OpenMode#CREATE] makes has mode 0600.
    public static OwnedFd open(Path trusted, OpenMode... modes) throws KernelException {
        return Resolution.trusted(trusted.toString(), PRIVATE, modes);
    }
}
