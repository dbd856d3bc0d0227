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
final class ExecRoot implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(ExecRoot.class.getName());
    private static final String IDENTITY = "identity";

    private final Path directory;
    private final String engine;
    private final String id;
    private RootLock lock;

    private ExecRoot(Path directory, String engine, String id, RootLock lock) {
        this.directory = directory;
        this.engine = engine;
        this.id = id;
        this.lock = lock;
    }

    /// Makes the directory if it is missing, and takes it.
    ///
    /// @param engine the ID of the data root's engine
    /// @throws Conflict when another engine has it, or what runs there belongs to another data root
    static ExecRoot take(Path directory, String engine) throws IOException {
        RootLock lock = lock(directory);
        boolean taken = false;
        try {
            ExecRoot root = new ExecRoot(directory, engine, id(directory, engine), lock);
            taken = true;
            return root;
        } finally {
            if (!taken) {
                lock.close();
            }
        }
    }

    private static RootLock lock(Path directory) throws IOException {
        RootLock.make(directory);
        return RootLock.take(directory)
                .orElseThrow(() -> new Conflict(
                        "exec root " + directory + " is in use by another daemon: give this one its own --exec-root"));
    }

    /// Takes the directory again if somebody has removed it, or its lock: what is about to run there is this engine's.
    ///
    /// It then has another identity, which the next engine knows as [#boot]: what ran until now left nothing there.
    ///
    /// @throws Conflict as [#take] does
    synchronized void retake() throws IOException {
        if (lock.counts()) {
            return;
        }
        LOGGER.log(
                System.Logger.Level.WARNING,
                "somebody has removed {0}, or what was in it: what runs goes on, but the next daemon may know none of it",
                directory);
        ExecRoot again = take(directory, engine);
        lock.close();
        lock = again.lock;
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
    public synchronized void close() throws IOException {
        lock.close();
    }
}
