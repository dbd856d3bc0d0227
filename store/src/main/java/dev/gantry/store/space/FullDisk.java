package dev.gantry.store.space;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.KernelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// Tells the failure of a write on a full file system from others.
public final class FullDisk {
    private static final Set<Errno> FULL = Set.of(Errno.ENOSPC, Errno.EDQUOT);

    /// The C library's texts, which are all that the JDK's exceptions have of an errno.
    private static final List<String> TEXTS = List.of("No space left on device", "Disk quota exceeded");

    private FullDisk() {}

    /// Whether there was no space for what was to be written.
    public static boolean isReasonOf(IOException failure) {
        return switch (failure) {
            case NoSpaceException _ -> true;
            case KernelException call -> FULL.contains(call.errno());
            default -> TEXTS.stream().anyMatch(String.valueOf(failure.getMessage())::endsWith);
        };
    }

    /// The failure itself, or one that names the file system that is full, in the words that Docker's users know.
    ///
    /// @param place where it happened, or was to happen
    public static IOException explained(IOException failure, Path place) {
        return isReasonOf(failure) && !(failure instanceof NoSpaceException)
                ? new NoSpaceException(
                        "write %s: no space left on device: %s is full".formatted(place, fileSystem(place)), failure)
                : failure;
    }

    private static String fileSystem(Path place) {
        Path there = place;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        try {
            return Files.getFileStore(there).toString();
        } catch (IOException _) {
            return "its file system";
        }
    }

    /// A failure that has been explained.
    private static final class NoSpaceException extends IOException {
        private static final long serialVersionUID = 1L;

        NoSpaceException(String message, IOException cause) {
            super(message, cause);
        }
    }
}
