package dev.gantry.runtime;

import dev.gantry.runtime.shim.StatusFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// What is kept of one container in the state root, for a daemon that comes after this one.
///
/// ```text
///  <state root>/<id>/cgroup    the parent of its cgroups
///                    status    how its main process ended
///                    exec-<n>  how a process that was executed in it ended, until its output is drained
/// ```
final class ContainerState {
    private final Path directory;
    private final AtomicInteger executed = new AtomicInteger();

    ContainerState(Path directory) {
        this.directory = directory;
    }

    /// Makes the directory, which must not exist, before anything else of the container does.
    void create(String cgroupParent) throws IOException {
        Files.createDirectory(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(directory.resolve("cgroup"), cgroupParent);
    }

    /// The parent of the cgroups; empty if none had been made.
    Optional<String> cgroupParent() throws IOException {
        try {
            String parent = Files.readString(directory.resolve("cgroup"));
            return parent.isEmpty() ? Optional.empty() : Optional.of(parent);
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    StatusFile status() {
        return new StatusFile(directory.resolve("status"), true);
    }

    StatusFile nextExec() {
        return new StatusFile(directory.resolve("exec-" + executed.incrementAndGet()), false);
    }

    /// Removes the directory with its files. Idempotent.
    void remove() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.toList();
        } catch (NoSuchFileException _) {
            return;
        }
        for (Path each : files) {
            Files.deleteIfExists(each);
        }
        Files.deleteIfExists(directory);
    }
}
