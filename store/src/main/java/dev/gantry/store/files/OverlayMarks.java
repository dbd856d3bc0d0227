package dev.gantry.store.files;

import dev.gantry.kernel.ExtendedAttributes;
import dev.gantry.kernel.FileStatus;
import dev.gantry.kernel.FileType;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.OwnedFd;
import java.io.IOException;
import java.util.List;

/// What overlayfs writes beside files into an upper directory (kernel, filesystems/overlayfs.rst).
final class OverlayMarks {
    private static final String OPAQUE = "trusted.overlay.opaque";

    /// Such a file has its content elsewhere. The kernel makes none unless its parameters or the mount ask
    /// for it.
    private static final List<String> ELSEWHERE = List.of("trusted.overlay.redirect", "trusted.overlay.metacopy");

    private OverlayMarks() {}

    /// Whether it stands for a file that was deleted: a character device 0:0.
    static boolean isWhiteout(FileStatus status) {
        return status.type() == FileType.CHARACTER_DEVICE
                && status.special().major() == 0
                && status.special().minor() == 0;
    }

    /// Whether a directory hides what lower layers have in it.
    static boolean isOpaque(OwnedFd directory) throws KernelException {
        return ExtendedAttributes.get(directory, OPAQUE)
                .filter(value -> value.length == 1 && value[0] == 'y')
                .isPresent();
    }

    /// Makes sure that a file is what its place says.
    static void requireWhole(Node file) throws IOException {
        for (String name : ExtendedAttributes.list(file.descriptor())) {
            if (ELSEWHERE.contains(name)) {
                throw new IOException(
                        "%s has the attribute %s, which is not supported: set the overlay module's parameters redirect_dir and metacopy to N"
                                .formatted(file.path(), name));
            }
        }
    }
}
