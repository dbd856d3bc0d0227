package dev.gantry.store.space;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.KernelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

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
    /// @param others where it may have happened, too: it was where the least space is
    public static IOException explained(IOException failure, Path place, Path... others) {
        if (!isReasonOf(failure) || failure instanceof NoSpaceException) {
            return failure;
        }
        Path full = Stream.concat(Stream.of(place), Stream.of(others))
                .min(Comparator.comparingLong(FullDisk::space))
                .orElse(place);
        return new NoSpaceException(
                "write %s: no space left on device: %s is full".formatted(full, fileSystem(full)), failure);
    }

    private static long space(Path place) {
        try {
            return Files.getFileStore(existing(place)).getUsableSpace();
        } catch (IOException _) {
            return Long.MAX_VALUE;
        }
    }

    private static String fileSystem(Path place) {
        try {
            return Files.getFileStore(existing(place)).toString();
        } catch (IOException _) {
            return "its file system";
        }
    }

    private static Path existing(Path place) {
        Path there = place;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        return there;
    }

    /// A failure that has been explained.
    private static final class NoSpaceException extends IOException {
        private static final long serialVersionUID = 1L;

        NoSpaceException(String message, IOException cause) {
            super(message, cause);
        }
    }
}
