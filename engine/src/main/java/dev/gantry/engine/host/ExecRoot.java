package dev.gantry.engine.host;

import dev.gantry.engine.EngineException.Conflict;
import dev.gantry.kernel.HostFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/// The engine's directory for what dies with this boot, which one engine owns at a time. What runs there belongs to the
/// containers of one data root: an engine that has another knows none of it, and would end it.
///
/// ```text
///  lock         held by the engine
///  identity     the ID of the engine, which its data root has, and one of this directory, made with it
///  containers/  what runs
///  execs/, output/
/// ```
record ExecRoot(Path directory, String id, RootLock lock) implements AutoCloseable {
    private static final String IDENTITY = "identity";

    /// Makes the directory if it is missing, and takes it.
    ///
    /// @param engine the ID of the data root's engine
    /// @throws Conflict when another engine has it, or what runs there belongs to another data root
    static ExecRoot take(Path directory, String engine) throws IOException {
        RootLock.make(directory);
        RootLock lock = RootLock.take(directory)
                .orElseThrow(() -> new Conflict(
                        "exec root " + directory + " is in use by another daemon: give this one its own --exec-root"));
        boolean taken = false;
        try {
            ExecRoot root = new ExecRoot(directory, id(directory, engine), lock);
            taken = true;
            return root;
        } finally {
            if (!taken) {
                lock.close();
            }
        }
    }

    private static String id(Path directory, String engine) throws IOException {
        Optional<List<String>> known = identity(directory);
        if (known.isPresent()) {
            if (known.get().getFirst().equals(engine)) {
                return known.get().getLast();
            }
            if (hasContainers(directory)) {
                throw new Conflict("exec root " + directory + " has containers that this daemon's data root does not"
                        + " know: give the daemon the data root that they are in (is its disk mounted?), or an"
                        + " --exec-root of its own");
            }
        }
        String id = UUID.randomUUID().toString();
        Path unfinished = directory.resolve(IDENTITY + ".new");
        Files.deleteIfExists(unfinished);
        Path _ = Files.createFile(
                unfinished, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(unfinished, engine + "\n" + id + "\n");
        Files.move(unfinished, directory.resolve(IDENTITY), StandardCopyOption.ATOMIC_MOVE);
        return id;
    }

    private static Optional<List<String>> identity(Path directory) throws IOException {
        try {
            List<String> lines = Files.readAllLines(directory.resolve(IDENTITY));
            return Optional.of(lines).filter(all -> all.size() == 2);
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    private static boolean hasContainers(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory.resolve("containers"))) {
            return all.findAny().isPresent();
        } catch (NoSuchFileException _) {
            return false;
        }
    }

    /// Tells the life of this directory in this boot from all others.
    String boot() {
        return HostFiles.bootId() + "/" + id;
    }

    Path containers() {
        return directory.resolve("containers");
    }

    Path execs() {
        return directory.resolve("execs");
    }

    /// Output on its way to the logs.
    Path output() {
        return directory.resolve("output");
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
