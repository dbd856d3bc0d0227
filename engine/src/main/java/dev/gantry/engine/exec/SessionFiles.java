package dev.gantry.engine.exec;

import dev.gantry.engine.config.ConfigJson;
import dev.gantry.engine.request.ExecConfig;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What is kept of execs for a daemon that comes after this one: a file for each in the exec root. It need not survive
/// the host, for no exec does.
final class SessionFiles {
    private static final System.Logger LOGGER = System.getLogger(SessionFiles.class.getName());
    private static final String UNFINISHED = ".new";
    /// A file that is younger may be of an exec that is being created.
    private static final Duration YOUNG = Duration.ofSeconds(10);

    private final Path directory;

    /// An exec as it was written.
    ///
    /// @param container the ID of its container
    /// @param ended null while it has not
    record SessionRecord(
            String container,
            ExecConfig config,
            boolean healthCheck,
            @Nullable Ended ended) {
        SessionRecord {
            // a file that is JSON need not be a record
            if (container == null || config == null) {
                throw new IllegalArgumentException("want container and config");
            }
        }
    }

    /// How an exec ended.
    record Ended(int exitCode, Instant at) {
        Ended {
            if (at == null) {
                throw new IllegalArgumentException("want the time of the end");
            }
        }
    }

    /// An exec that an earlier daemon has written.
    record Found(String id, SessionRecord session) {}

    /// @param directory is made, for root alone: environments may hold secrets
    SessionFiles(Path directory) throws IOException {
        this.directory = directory;
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /// Replaces what is written of an exec. What is so is so, whether or not this succeeds.
    void write(ExecSession session) {
        Path file = directory.resolve(session.id());
        Path unfinished = directory.resolve(session.id() + UNFINISHED);
        Ended ended =
                session.stage() instanceof ExecSession.Stage.Ended(int code, Instant at) ? new Ended(code, at) : null;
        var written = new SessionRecord(session.container().id(), session.config(), session.isHealthCheck(), ended);
        try {
            Files.write(unfinished, ConfigJson.mapper().writeValueAsBytes(written));
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "exec " + session.id() + " will not be known to a later daemon", e);
            remove(unfinished);
        }
    }

    void remove(String id) {
        remove(directory.resolve(id));
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "record of exec " + file.getFileName(), e);
        }
    }

    /// Every file, of whatever exec, that was not written just now.
    List<Path> settled() throws IOException {
        Instant limit = Instant.now().minus(YOUNG);
        List<Path> settled = new ArrayList<>();
        try (Stream<Path> all = Files.list(directory)) {
            for (Path each : all.toList()) {
                try {
                    if (Files.getLastModifiedTime(each).toInstant().isBefore(limit)) {
                        settled.add(each);
                    }
                } catch (NoSuchFileException _) {
                    // its exec is forgotten
                }
            }
        }
        return settled;
    }

    /// Everything that was written whole; the rest is removed, as far as it can be.
    List<Found> read() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.toList();
        }
        List<Found> found = new ArrayList<>();
        for (Path file : files) {
            String name = String.valueOf(file.getFileName());
            try {
                if (!name.endsWith(UNFINISHED)) {
                    found.add(new Found(name, ConfigJson.read(file, SessionRecord.class)));
                    continue;
                }
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, "record of an exec, which is forgotten: " + file, e);
            }
            remove(file);
        }
        return found;
    }
}
