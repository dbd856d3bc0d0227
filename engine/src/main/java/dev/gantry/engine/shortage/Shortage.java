package dev.gantry.engine.shortage;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.KernelException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// Tells failures for want of descriptors or memory, of this process or of the host, from those that say something of
/// what was worked on.
public final class Shortage {
    private static final Set<Errno> ERRNOS = Set.of(Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM);

    /// The C library's texts, which are all that the JDK's exceptions have of an errno.
    private static final List<String> TEXTS =
            List.of("Too many open files", "Too many open files in system", "Cannot allocate memory");

    private static final Duration PAUSE = Duration.ofMillis(100);

    private Shortage() {}

    /// What may succeed when there is more.
    public interface Attempt<T> {
        T make() throws IOException, InterruptedException;
    }

    /// Makes an attempt again and again, for as long as shortage is the reason of its failures.
    public static <T> T outlast(Attempt<T> attempt) throws IOException, InterruptedException {
        while (true) {
            try {
                return attempt.make();
            } catch (IOException e) {
                if (!isReasonOf(e)) {
                    throw e;
                }
            }
            Thread.sleep(PAUSE);
        }
    }

    /// Whether it is the reason of a failure, or of what that was caused by.
    public static boolean isReasonOf(Exception failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (isShortage(each)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isShortage(Throwable failure) {
        return switch (failure) {
            case KernelException call -> ERRNOS.contains(call.errno());
            case FileSystemException file -> TEXTS.contains(String.valueOf(file.getReason()));
            default -> false;
        };
    }
}
