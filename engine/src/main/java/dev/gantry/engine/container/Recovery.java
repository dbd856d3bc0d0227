package dev.gantry.engine.container;

import dev.gantry.engine.EngineException;
import dev.gantry.engine.config.RestartPolicy;
import dev.gantry.engine.shortage.Shortage;
import dev.gantry.engine.state.LifeCycle;
import dev.gantry.engine.state.Restarts;
import dev.gantry.engine.state.StateRecord;
import dev.gantry.engine.volume.ContainerVolumes;
import dev.gantry.runtime.Adopted;
import dev.gantry.runtime.ContainerRuntime;
import dev.gantry.runtime.RunningContainer;
import dev.gantry.store.Lease;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Settles what an earlier daemon left, however it ended: containers are read again, what runs is taken back, what half
/// exists is removed.
final class Recovery {
    private static final System.Logger LOGGER = System.getLogger(Recovery.class.getName());

    private final ContainerRoots roots;
    private final ContainerRuntime runtime;
    private final ImageLeases images;
    private final ContainerVolumes volumes;
    /// What the runtime knows of and is not settled yet.
    private final Set<String> leftovers = new HashSet<>();
    /// The IDs of what cannot be read.
    private final Set<String> leftAlone = new HashSet<>();

    Recovery(ContainerRoots roots, ContainerRuntime runtime, ImageLeases images, ContainerVolumes volumes) {
        this.roots = roots;
        this.runtime = runtime;
        this.images = images;
        this.volumes = volumes;
    }

    /// What is to be removed once the volumes of all containers are held.
    private final List<Unwanted> unwanted = new ArrayList<>();

    /// A container that is not to be there.
    ///
    /// @param definition null if there is nothing outside of its directory
    private record Unwanted(ContainerFiles files, @Nullable Definition definition, boolean withVolumes) {}

    /// A container that is there now.
    ///
    /// @param run what of it an earlier daemon has started, to be gone on with
    /// @param logged whether its log is open for it
    /// @param execs what that has executed in it
    record Recovered(Container container, @Nullable Run run, boolean logged, List<Adopted.Exec> execs) {}

    /// The containers that are there now.
    ///
    /// @throws IOException also if this process has too little to take them back; they go on, and another may
    List<Recovered> run() throws IOException {
        leftovers.addAll(idsOf(runtime.leftovers(), "run-time state"));
        var containers = new ArrayList<Recovered>();
        for (String id : idsOf(directories(), "directory of containers")) {
            Path each = roots.of(id).directory();
            try {
                read(roots.of(id)).ifPresent(containers::add);
            } catch (IOException | EngineException e) {
                if (Shortage.isReasonOf(e)) {
                    throw notTakenBack(e);
                }
                LOGGER.log(Level.ERROR, "container in " + each + " is left alone, for it cannot be read", e);
                // with its processes: once it can be read, they are taken back
                leftovers.remove(id);
                leftAlone.add(id);
            }
        }
        for (Unwanted each : unwanted) {
            try {
                remove(each);
            } catch (IOException e) {
                LOGGER.log(
                        Level.ERROR,
                        "what is left of the container in " + each.files().directory() + " stays",
                        e);
            }
        }
        for (String id : leftovers) {
            LOGGER.log(Level.INFO, "what is left of container {0} is removed", id);
            try {
                runtime.discard(id);
            } catch (IOException e) {
                LOGGER.log(Level.ERROR, "run-time state of container " + id + " stays", e);
            }
        }
        deleteStrangeJournals();
        return containers;
    }

    /// What may be containers'; the rest is somebody else's.
    private static List<String> idsOf(List<String> names, String where) {
        List<String> ids = new ArrayList<>();
        for (String each : names) {
            if (ContainerNames.isId(each)) {
                ids.add(each);
            } else {
                LOGGER.log(Level.WARNING, "{0} has no container''s name, and is left alone: {1}", where, each);
            }
        }
        return ids;
    }

    /// What this process lacks says nothing of a container.
    private static IOException notTakenBack(Exception shortage) {
        return new IOException(
                "containers go on, but this daemon has too little to take them back (ulimit -n, memory): "
                        + shortage.getMessage(),
                shortage);
    }

    /// A container that could not be read when the engine started.
    Optional<Recovered> readAgain(String id) throws IOException {
        leftovers.clear();
        unwanted.clear();
        if (runtime.leftovers().contains(id)) {
            leftovers.add(id);
        }
        Optional<Recovered> found = read(roots.of(id));
        leftAlone.remove(id);
        for (Unwanted each : unwanted) {
            remove(each);
        }
        discard(id);
        return found;
    }

    private void remove(Unwanted container) throws IOException {
        // its overlay and volumes must not be in use any more
        discard(String.valueOf(container.files().directory().getFileName()));
        Definition definition = container.definition();
        if (definition != null) {
            // of a container that is left alone it is not known which it uses
            boolean withVolumes = container.withVolumes() && leftAlone.isEmpty();
            volumes.release(definition.id(), definition.mounts(), withVolumes);
        }
        container.files().delete();
    }

    /// Of containers that are gone.
    private void deleteStrangeJournals() throws IOException {
        if (!Files.isDirectory(roots.journals())) {
            return;
        }
        try (Stream<Path> all = Files.list(roots.journals())) {
            for (Path each : all.toList()) {
                String id = each.getFileName().toString();
                ContainerFiles files = roots.of(id);
                try {
                    if (!leftAlone.contains(id) && !files.isThere()) {
                        files.deleteJournals();
                    }
                } catch (IOException e) {
                    LOGGER.log(Level.WARNING, "output of no container stays: " + each, e);
                }
            }
        }
    }

    private List<String> directories() throws IOException {
        try (Stream<Path> all = Files.list(roots.durable())) {
            return all.map(each -> each.getFileName().toString()).toList();
        }
    }

    private Optional<Recovered> read(ContainerFiles files) throws IOException {
        if (isCutOff(files)) {
            LOGGER.log(Level.WARNING, "what a cut-off creation or removal has left is removed: {0}", files.directory());
            unwanted.add(new Unwanted(files, files.announced().orElse(null), true));
            return Optional.empty();
        }
        Definition definition = files.definition();
        volumes.hold(definition.id(), definition.mounts());
        StateRecord record = files.state();
        boolean lost = false;
        try {
            Optional<Adopted> adopted = adopt(definition.id(), record);
            if (adopted.isPresent()) {
                return Optional.of(alive(definition, record, files, adopted.get()));
            }
        } catch (IOException e) {
            if (Shortage.isReasonOf(e)) {
                throw e;
            }
            LOGGER.log(Level.ERROR, "container " + definition.id() + " cannot be taken back and is ended", e);
            lost = true;
        }
        return ended(definition, record, files, lost);
    }

    /// What the runtime knows of was made to the end: only a removal leaves that.
    private boolean isCutOff(ContainerFiles files) throws IOException {
        boolean ran = leftovers.contains(String.valueOf(files.directory().getFileName()));
        return files.isRemains() && (!ran || files.isMarked());
    }

    /// @param lost whether a process of it ran that cannot be taken back
    private Optional<Recovered> ended(Definition definition, StateRecord record, ContainerFiles files, boolean lost)
            throws IOException {
        deleteUnfinished(files);
        boolean notStarted = record.wasNotStarted(roots.boot()) && !lost;
        LifeCycle state = notStarted ? files.stateBeforeStart() : record.settled(Instant.now());
        boolean fresh = state.equals(LifeCycle.Created.FRESH) && !record.wasAlive();
        if (state instanceof LifeCycle.Dead || (definition.host().autoRemove() && !fresh)) {
            boolean withVolumes = definition.host().autoRemove();
            if (withVolumes && definition.hasAnonymousVolumes()) {
                files.retract();
            }
            LOGGER.log(Level.INFO, "container {0} has ended, and is removed: {1}", definition.id(), files.directory());
            unwanted.add(new Unwanted(files, definition, withVolumes));
            return Optional.empty();
        }
        if (!record.boot().equals(roots.boot())) {
            writeNames(definition, files);
        }
        Lease lease = images.take(definition.image());
        RestartPolicy policy = definition.host().restartPolicy();
        LifeCycle next = state instanceof LifeCycle.Exited exited && isToStart(policy, exited, record.restarts())
                ? new LifeCycle.Restarting(exited)
                : state;
        Restarts restarts = next.equals(state) ? record.restarts() : Restarts.NONE;
        if (!record.status().equals(next.status())) {
            files.write(next, restarts);
        }
        var container = new Container(definition, next, restarts, files, lease);
        container.health().end();
        settleLog(container);
        return Optional.of(new Recovered(container, null, false, List.of()));
    }

    /// They are not synced when they are written: in another boot they may be empty.
    private static void writeNames(Definition definition, ContainerFiles files) {
        try {
            files.writeNames(definition);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "the name files of container " + definition.id(), e);
        }
    }

    /// Whether a container that ended, or was lost, is started with the daemon: as if nothing had been before.
    private static boolean isToStart(RestartPolicy policy, LifeCycle.Exited exited, Restarts restarts) {
        return restarts.stoppedByUser()
                ? policy.outlivesStops()
                : policy.restartsAfter(exited.exitCode(), restarts.count());
    }

    private static void settleLog(Container container) {
        try {
            container.log().settle();
        } catch (IOException e) {
            LOGGER.log(Level.ERROR, "the end of the log of container " + container.id(), e);
        }
    }

    /// What runs of a container; a run whose end is on the disk already does not count.
    private Optional<Adopted> adopt(String id, StateRecord record) throws IOException {
        if (!leftovers.contains(id)) {
            if (record.wasAlive() && !runtime.remainsOf(id).isEmpty()) {
                LOGGER.log(Level.WARNING, "container {0} is ended: it runs, but nothing is left that tells how", id);
                runtime.discard(id);
            }
            return Optional.empty();
        }
        Optional<Adopted> adopted = runtime.adopt(id);
        if (adopted.isPresent() && record.endsRunOf(adopted.get().container().startedAt())) {
            close(adopted.get());
            return Optional.empty();
        }
        return adopted;
    }

    private static void deleteUnfinished(ContainerFiles files) throws IOException {
        for (Path each : files.unfinished()) {
            Files.delete(each);
        }
    }

    private Recovered alive(Definition recorded, StateRecord record, ContainerFiles files, Adopted adopted)
            throws IOException {
        RunningContainer process = adopted.container();
        Recovered recovered = null;
        try {
            Definition definition = Updating.completed(recorded, files, process);
            deleteUnfinished(files);
            LifeCycle state = state(record, process);
            if (!record.status().equals(state.status())) {
                files.write(state, record.restarts());
            }
            Lease lease = images.take(definition.image());
            var container = new Container(definition, state, record.restarts(), files, lease);
            boolean logged = isReopened(container);
            var run = new Run(process, adopted.process());
            container.set(state, run);
            leftovers.remove(definition.id());
            LOGGER.log(Level.INFO, "container {0} is taken back", definition.id());
            recovered = new Recovered(container, run, logged, adopted.execs());
            return recovered;
        } finally {
            if (recovered == null) {
                close(adopted);
            }
        }
    }

    /// What is frozen and was not to stay so, is thawed: the pause was not acknowledged, or only for a commit.
    private static LifeCycle state(StateRecord record, RunningContainer process) throws IOException {
        var running = new LifeCycle.Running(process.pid(), process.startedAt());
        if (!process.isPaused()) {
            return running;
        }
        if (!record.status().equals("paused")) {
            try {
                process.resume();
                LOGGER.log(Level.INFO, "container {0} was frozen for a moment, and is thawed", process.id());
                return running;
            } catch (IOException e) {
                LOGGER.log(Level.ERROR, "container " + process.id() + " stays frozen", e);
            }
        }
        return new LifeCycle.Paused(running, true);
    }

    private static boolean isReopened(Container container) throws IOException {
        try {
            container.log().reopen();
            return true;
        } catch (IOException e) {
            if (Shortage.isReasonOf(e)) {
                throw e;
            }
            LOGGER.log(Level.ERROR, "output of container " + container.id() + " is not recorded", e);
            return false;
        }
    }

    private static void close(Adopted adopted) {
        adopted.execs().forEach(exec -> exec.process().close());
        adopted.container().close();
    }

    private void discard(String id) throws IOException {
        if (leftovers.remove(id)) {
            runtime.discard(id);
        }
    }
}
