package dev.gantry.runtime.cgroup;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A cgroup's directory and those below it, which the container may have made.
final class CgroupTree {
    /// How long the kernel is waited for.
    static final Duration PATIENCE = Duration.ofSeconds(10);
    /// Below a parent: what supervises the containers there, one group for each.
    static final String SUPERVISORS = "supervisors";

    /// How often a group is made whose parent goes at the same time.
    static final int TRIES = 10;

    /// The C library's text, which is all that the JDK's exceptions have of ENODEV.
    private static final String NO_DEVICE = "No such device";
    /// The same of EOPNOTSUPP.
    private static final String NOT_SUPPORTED = "Operation not supported";

    private static final long PAUSE_NANOS = 200_000;

    private CgroupTree() {}

    /// A path below a mount point; `/` is the mount point itself.
    static String relative(String path) {
        return path.startsWith("/") ? path.substring(1) : path;
    }

    static void checkName(String parent, String name) {
        if (name.contains("/")
                || name.equals("..")
                || name.equals(SUPERVISORS)
                || List.of(parent.split("/", -1)).contains("..")) {
            throw new IllegalArgumentException("invalid cgroup \"" + parent + "/" + name + "\"");
        }
    }

    /// Waits a moment for the kernel.
    static void pause() {
        LockSupport.parkNanos(PAUSE_NANOS);
    }

    /// The directory and all below it, each after those below it; what is removed meanwhile may be among them or not.
    static List<Path> all(Path directory) throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                throwUnlessGone(failure);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path each, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throwUnlessGone(failure);
                }
                found.add(each);
                return FileVisitResult.CONTINUE;
            }
        });
        return found;
    }

    /// Of a group that is removed while its file is open, reading says ENODEV.
    private static void throwUnlessGone(IOException failure) throws IOException {
        if (!(failure instanceof NoSuchFileException) && !says(failure, NO_DEVICE)) {
            throw failure;
        }
    }

    private static boolean says(IOException failure, String text) {
        return String.valueOf(failure.getMessage()).endsWith(text);
    }

    /// The processes in all of them. Those that have threads in a threaded group, the kernel names in the group
    /// above that is none (EOPNOTSUPP, cgroup v2).
    static List<Integer> processes(Path directory) throws IOException {
        List<Integer> result = new ArrayList<>();
        for (Path each : all(directory)) {
            result.addAll(processesOf(each));
        }
        return result;
    }

    /// The processes in one of them.
    static List<Integer> processesOf(Path group) throws IOException {
        try {
            return Files.readAllLines(group.resolve("cgroup.procs")).stream()
                    .map(Integer::valueOf)
                    .toList();
        } catch (IOException e) {
            if (!says(e, NOT_SUPPORTED)) {
                throwUnlessGone(e); // removed by the container meanwhile: nothing lives in it
            }
            return List.of();
        }
    }

    /// Removes all, which must be empty of processes, or about to be. Idempotent.
    static void remove(Path directory) throws IOException {
        try {
            Files.deleteIfExists(directory);
        } catch (IOException _) {
            // it has children, or its last process is not quite gone
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (!tryRemove(directory, System.nanoTime() > deadline)) {
                pause();
            }
        }
    }

    private static boolean tryRemove(Path directory, boolean lastTime) throws IOException {
        try {
            for (Path each : all(directory)) {
                Files.deleteIfExists(each);
            }
            return true;
        } catch (IOException e) {
            if (lastTime) {
                throw e;
            }
            return false;
        }
    }
}
