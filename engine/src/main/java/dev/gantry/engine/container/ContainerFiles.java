package dev.gantry.engine.container;

import dev.gantry.engine.config.ConfigJson;
import dev.gantry.engine.log.LogDriver;
import dev.gantry.engine.state.LifeCycle;
import dev.gantry.engine.state.StateFile;
import dev.gantry.engine.state.StateRecord;
import dev.gantry.kernel.HostFiles;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.store.Durable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;

/// Where a container's durable files lie: `<data root>/containers/<id>`.
///
/// ```text
///  config.json     Definition           hostname, hosts, resolv.conf   mounted into /etc
///  state           StateFile            <id>-json.log[.n], local.log[.n]  its output
///  upper, work     the overlay          volumes/<name>                 anonymous volumes
/// ```
///
/// @param journals the directory of its output on the way to the log, below the exec root; there while it is needed
record ContainerFiles(Path directory, Path journals) {
    private static final String PRIVATE = "rwx--x---";
    private static final String CONFIG = "config.json";

    Path log(LogDriver driver) {
        return switch (driver) {
            case JSON_FILE, NONE -> directory.resolve(directory.getFileName() + "-json.log");
            case LOCAL -> directory.resolve("local.log");
        };
    }

    Path hostname() {
        return directory.resolve("hostname");
    }

    Path hosts() {
        return directory.resolve("hosts");
    }

    Path resolvConf() {
        return directory.resolve("resolv.conf");
    }

    /// The container's own changes to its root file system.
    Path upper() {
        return directory.resolve("upper");
    }

    Path work() {
        return directory.resolve("work");
    }

    Path volumes() {
        return directory.resolve("volumes");
    }

    /// Makes the directory, and those of the overlay. The upper directory is the container's `/`: everybody may enter.
    void create() throws IOException {
        Files.createDirectory(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PRIVATE)));
        Files.createDirectory(work());
        Files.createDirectory(upper());
        Files.setPosixFilePermissions(upper(), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /// Whether the container's creation came to its end, and its removal has not begun: the definition is written last
    /// and removed first.
    boolean isComplete() {
        return Files.exists(directory.resolve(CONFIG));
    }

    void write(Definition definition) throws IOException {
        Path config = directory.resolve(CONFIG);
        Durable.replace(
                config, directory.resolve(CONFIG + ".new"), ConfigJson.mapper().writeValueAsBytes(definition));
    }

    void write(LifeCycle state) throws IOException {
        stateFile().write(StateRecord.of(state).in(HostFiles.bootId()));
    }

    private StateFile stateFile() {
        return new StateFile(directory.resolve("state"));
    }

    Definition definition() throws IOException {
        Path config = directory.resolve(CONFIG);
        try {
            return ConfigJson.mapper().readValue(Files.readAllBytes(config), Definition.class);
        } catch (JacksonException e) {
            throw new IOException(config + ": " + e.getOriginalMessage(), e);
        }
    }

    /// What the container did the last time; one that was never started has no such file.
    StateRecord state() throws IOException {
        return stateFile().read().orElse(StateRecord.of(LifeCycle.Created.FRESH));
    }

    /// What it was before a start of which nothing came.
    LifeCycle stateBeforeStart() throws IOException {
        StateRecord before = stateFile().previous().orElse(StateRecord.of(LifeCycle.Created.FRESH));
        return before.wasAlive() ? LifeCycle.Created.FRESH : before.settled(Instant.now());
    }

    /// Removes everything; what a crash leaves of it, the next start removes. What lies in `upper` is a container's
    /// work: only descriptors beneath it are followed.
    void delete() throws IOException {
        Path parent = directory.getParent();
        if (parent == null) {
            throw new IOException(directory + " has no parent");
        }
        Files.deleteIfExists(directory.resolve(CONFIG));
        try (SafeDirectory containers = SafeDirectory.open(parent)) {
            containers.removeTree(String.valueOf(directory.getFileName()));
        }
        deleteJournals();
    }

    /// Removes output that no log will take any more. Does nothing if there is none.
    void deleteJournals() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(journals)) {
            files = all.toList();
        } catch (NoSuchFileException _) {
            return;
        }
        for (Path each : files) {
            Files.deleteIfExists(each);
        }
        Files.deleteIfExists(journals);
    }
}
