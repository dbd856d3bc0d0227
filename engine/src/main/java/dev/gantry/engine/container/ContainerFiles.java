package dev.gantry.engine.container;

import dev.gantry.engine.config.ConfigJson;
import dev.gantry.engine.health.HealthPlan;
import dev.gantry.engine.health.HealthRecord;
import dev.gantry.engine.log.LogDriver;
import dev.gantry.engine.state.LifeCycle;
import dev.gantry.engine.state.Restarts;
import dev.gantry.engine.state.StateFile;
import dev.gantry.engine.state.StateRecord;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.oci.MalformedException;
import dev.gantry.store.Durable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Where a container's durable files lie: `<data root>/containers/<id>`.
///
/// ```text
///  config.json     Definition           hostname, hosts, resolv.conf   mounted into /etc
///  state           StateFile            <id>-json.log[.n], local.log[.n]  its output
///  upper, work     the overlay          health.json                    Health
///  config.json.new, config.json.removed: what it becomes, or was, while it is made or removed
/// ```
///
/// @param journals the directory of its output on the way to the log, below the exec root; there while it is needed
/// @param boot as [StateRecord#boot], of what is written
public record ContainerFiles(Path directory, Path journals, String boot) {
    private static final String PRIVATE = "rwx--x---";
    private static final String CONFIG = "config.json";
    private static final String REMOVED = "config.json.removed";
    private static final String STATE = "state";
    private static final String HEALTH = "health.json";
    private static final String UNFINISHED = ".new";

    Path log(LogDriver driver) {
        return switch (driver) {
            case JSON_FILE, NONE -> directory.resolve(directory.getFileName() + "-json.log");
            case LOCAL -> directory.resolve("local.log");
        };
    }

    public Path hostname() {
        return directory.resolve("hostname");
    }

    public Path hosts() {
        return directory.resolve("hosts");
    }

    public Path resolvConf() {
        return directory.resolve("resolv.conf");
    }

    /// The container's own changes to its root file system.
    public Path upper() {
        return directory.resolve("upper");
    }

    public Path work() {
        return directory.resolve("work");
    }

    /// The files that tell it names, by where they are mounted.
    public Map<String, String> nameFiles() {
        return NameFiles.mounts(this);
    }

    /// Makes the directory, and those of the overlay.
    void create() throws IOException {
        Files.createDirectory(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PRIVATE)));
        makeOverlay();
    }

    /// Makes the directories of the overlay that are not there. The upper one is the container's `/`: everybody may
    /// enter.
    public void makeOverlay() throws IOException {
        Files.createDirectories(work());
        if (!Files.isDirectory(upper())) {
            Files.createDirectory(upper());
            Files.setPosixFilePermissions(upper(), PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    /// Writes the files that tell the container names, unless they are as they are to be.
    public void writeNames(Definition definition) throws IOException {
        NameFiles.write(this, definition.config(), definition.host());
    }

    /// Replacements that were not finished.
    public List<Path> unfinished() {
        return Stream.of(CONFIG, STATE, HEALTH)
                .map(name -> directory.resolve(name + UNFINISHED))
                .filter(Files::exists)
                .toList();
    }

    /// Whether the container's creation came to its end, and its removal has not begun: the definition is written last
    /// and removed first.
    private boolean isComplete() {
        return Files.exists(directory.resolve(CONFIG));
    }

    /// Whether a creation or a removal that was cut off has left this. What lacks its definition for another reason may
    /// have more than a creation makes: that is somebody's work.
    public boolean isRemains() throws IOException {
        if (isComplete() || !Files.isDirectory(directory)) {
            return false;
        }
        return isMarked() || (!Files.exists(stateFile()) && isEmpty(upper()));
    }

    /// Whether a creation, or a removal, has said that it is under way.
    boolean isMarked() {
        return !isComplete() && (Files.exists(unfinishedConfig()) || Files.exists(directory.resolve(REMOVED)));
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.findAny().isEmpty();
        } catch (NoSuchFileException _) {
            return true;
        }
    }

    /// Whether this may be a container, also one that nobody can read.
    public boolean isThere() throws IOException {
        return Files.exists(directory) && !isRemains();
    }

    public void write(Definition definition) throws IOException {
        Durable.replace(directory.resolve(CONFIG), unfinishedConfig(), bytes(definition));
    }

    private Path unfinishedConfig() {
        return directory.resolve(CONFIG + UNFINISHED);
    }

    private static byte[] bytes(Definition definition) {
        return ConfigJson.mapper().writeValueAsBytes(definition);
    }

    /// Writes the definition of a container that is not complete yet, so that what it has outside of its directory is
    /// found if its creation does not come to its end.
    ///
    /// Of a complete one, writes what an update is about to make of it, so that the next daemon completes that.
    void announce(Definition definition) throws IOException {
        Durable.write(unfinishedConfig(), bytes(definition));
        Durable.syncDirectory(directory);
    }

    /// The definition that a change which was cut off would have given a container that is complete; empty if none was.
    Optional<Definition> cutOff() throws IOException {
        return announced().filter(_ -> isComplete());
    }

    /// Takes back what was announced.
    void withdraw() throws IOException {
        Files.deleteIfExists(unfinishedConfig());
    }

    /// Begins the removal of a container: it is not complete any more, and announced as before its creation.
    void retract() throws IOException {
        try {
            Files.move(directory.resolve(CONFIG), unfinishedConfig(), StandardCopyOption.ATOMIC_MOVE);
            Durable.syncDirectory(directory);
        } catch (NoSuchFileException _) {
            // by a removal that has failed
        }
    }

    /// What was announced and is not complete; empty if nothing is outside of its directory.
    Optional<Definition> announced() throws IOException {
        try {
            return Optional.of(read(unfinishedConfig()));
        } catch (NoSuchFileException | MalformedException _) {
            return Optional.empty();
        }
    }

    public void write(LifeCycle state, Restarts restarts) throws IOException {
        states().write(StateRecord.of(state.durable()).in(boot).after(restarts));
    }

    public Path stateFile() {
        return directory.resolve(STATE);
    }

    private StateFile states() {
        return new StateFile(stateFile());
    }

    /// Where its health is kept.
    HealthRecord health(Optional<HealthPlan> plan) {
        return new HealthRecord(plan, directory.resolve(HEALTH), directory.resolve(HEALTH + UNFINISHED));
    }

    /// The last state that is whole on the disk; empty if none is.
    public Optional<StateRecord> recorded() throws IOException {
        return states().read();
    }

    /// What the container was created as.
    ///
    /// @throws MalformedException if its file is damaged, or another container's: in a copy of its directory
    public Definition definition() throws IOException {
        return read(directory.resolve(CONFIG));
    }

    private Definition read(Path config) throws IOException {
        Definition found = ConfigJson.read(config, Definition.class);
        if (!found.id().equals(String.valueOf(directory.getFileName()))) {
            throw new MalformedException(config + " is that of container " + found.id());
        }
        if (!ContainerNames.isName(found.name())) {
            throw new MalformedException(config + ": no container has the name \"" + found.name() + "\"");
        }
        return found;
    }

    /// What the container did the last time; one that was never started has no such file.
    StateRecord state() throws IOException {
        return recorded().orElse(StateRecord.of(LifeCycle.Created.FRESH));
    }

    /// What it was before a start of which nothing came.
    LifeCycle stateBeforeStart() throws IOException {
        StateRecord before = states().previous().orElse(StateRecord.of(LifeCycle.Created.FRESH));
        return before.wasAlive() ? LifeCycle.Created.FRESH : before.settled(Instant.now());
    }

    /// Removes everything; what a crash leaves of it, the next start removes. What lies in `upper` is a container's
    /// work: only descriptors beneath it are followed.
    public void delete() throws IOException {
        try {
            Files.move(directory.resolve(CONFIG), directory.resolve(REMOVED), StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException _) {
            // it was announced, or never written
        }
        String name = String.valueOf(directory.getFileName());
        try (SafeDirectory containers = SafeDirectory.open(parent())) {
            for (String each : Files.isDirectory(directory) ? containers.list(name) : List.<String>of()) {
                // these two go last: they tell that the rest is nobody's any more
                if (!each.equals(REMOVED) && !each.equals(CONFIG + UNFINISHED)) {
                    containers.removeTree(name + "/" + each);
                }
            }
            containers.removeTree(name);
        }
        deleteJournals();
    }

    /// Makes it durable that everything was removed.
    void syncDeletion() throws IOException {
        Durable.syncDirectory(parent());
    }

    private Path parent() throws IOException {
        Path parent = directory.getParent();
        if (parent == null) {
            throw new IOException(directory + " has no parent");
        }
        return parent;
    }

    /// Removes output that no log will take any more. Does nothing if there is none.
    public void deleteJournals() throws IOException {
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
