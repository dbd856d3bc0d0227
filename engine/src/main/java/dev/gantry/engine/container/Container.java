package dev.gantry.engine.container;

import dev.gantry.engine.EngineException.Conflict;
import dev.gantry.engine.EngineException.Failed;
import dev.gantry.engine.WaitResult;
import dev.gantry.engine.Waiting;
import dev.gantry.engine.config.HostConfig;
import dev.gantry.engine.health.HealthPlan;
import dev.gantry.engine.health.HealthRecord;
import dev.gantry.engine.log.ContainerLog;
import dev.gantry.engine.request.WaitCondition;
import dev.gantry.engine.root.SharedRoot;
import dev.gantry.engine.state.Backoff;
import dev.gantry.engine.state.LifeCycle;
import dev.gantry.engine.state.Restarts;
import dev.gantry.engine.state.Waits;
import dev.gantry.engine.stats.StatsViews;
import dev.gantry.engine.stream.ProcessStreams;
import dev.gantry.engine.view.StatsView;
import dev.gantry.store.Lease;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A container: what it was created as, what it does at the moment, and what belongs to it.
///
/// State is read without a lock and changed under one. What changes it holds the lock for as long as the change takes,
/// a start included; nobody waits for a process under it.
public final class Container {
    private static final System.Logger LOGGER = System.getLogger(Container.class.getName());

    private final ContainerFiles files;
    private final Lease lease;
    private final ContainerLog log;
    private final ProcessStreams streams;
    private final Waits waits = new Waits();
    private final SharedRoot root = new SharedRoot();
    private final HealthRecord health;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Definition definition;
    private volatile LifeCycle state;
    private volatile Restarts restarts;
    private volatile @Nullable Run run;
    private volatile @Nullable String detachKeys;
    private volatile boolean restarting;
    private volatile boolean recorded = true;
    private volatile @Nullable Run unrecorded;
    private final Backoff backoff = new Backoff();

    Container(Definition definition, LifeCycle state, Restarts restarts, ContainerFiles files, Lease lease) {
        this.definition = definition;
        this.state = state;
        this.restarts = restarts;
        this.files = files;
        this.lease = lease;
        var config = definition.config();
        var settings = definition.logSettings();
        this.log = new ContainerLog(files.log(settings.driver()), settings, files.journals());
        this.health = files.health(HealthPlan.of(config));
        this.streams = new ProcessStreams(config.tty(), config.stdinOnce());
    }

    public Definition definition() {
        return definition;
    }

    public String id() {
        return definition.id();
    }

    public LifeCycle state() {
        return state;
    }

    /// How often its policy has started it again.
    public Restarts restarts() {
        return restarts;
    }

    /// What comes before the next time.
    Backoff backoff() {
        return backoff;
    }

    public ContainerFiles files() {
        return files;
    }

    /// Keeps the image's layers for as long as the container exists.
    public Lease lease() {
        return lease;
    }

    /// Its root file system, as far as others than its run use it.
    public SharedRoot root() {
        return root;
    }

    public ContainerLog log() {
        return log;
    }

    /// What its health checks say. Changed under the lock.
    public HealthRecord health() {
        return health;
    }

    ProcessStreams streams() {
        return streams;
    }

    Waits waits() {
        return waits;
    }

    /// The keys to detach that the last start or attach has set; null are the default ones.
    @Nullable
    String detachKeys() {
        return detachKeys;
    }

    void detachKeys(@Nullable String keys) {
        detachKeys = keys;
    }

    /// Whether it is stopped only to be started again: then the end of its process is not the end of the container.
    void restarting(boolean now) {
        restarting = now;
    }

    boolean isRestarting() {
        return restarting;
    }

    /// Its user starts it: what was before does not count any more. Under the lock.
    void startedByUser() {
        restarts = Restarts.NONE;
        backoff.reset();
    }

    /// Its user stops it, which is on the disk afterwards, or if it has no restart policy with its end. Does nothing if
    /// it does not run.
    ///
    /// @return whether there is nothing else to do: it was to be started again, and will not be
    boolean stoppedByUser() {
        return changing(() -> {
            boolean waited = state instanceof LifeCycle.Restarting;
            if (waited || state.isAlive()) {
                restarts = restarting ? restarts : restarts.stopped();
            }
            if (waited || (state.isAlive() && definition.host().restartPolicy().restarts())) {
                become(state instanceof LifeCycle.Restarting(LifeCycle.Exited last) ? last : state, run);
            }
            if (waited) {
                waits.exited(result());
            }
            return waited;
        });
    }

    /// What the end of its process makes of it, which counts as a restart if it is to be started again. Under the lock.
    ///
    /// @param restartable whether anything is started again at all
    LifeCycle ended(LifeCycle.Exited exited, boolean restartable) {
        if (!restartable
                || restarting
                || restarts.stoppedByUser()
                || !definition.host().restartPolicy().restartsAfter(exited.exitCode(), restarts.count())) {
            return exited;
        }
        restarts = restarts.again();
        return new LifeCycle.Restarting(exited);
    }

    boolean isRemovedAtExit() {
        return definition.host().autoRemove();
    }

    /// The running process.
    ///
    /// @throws Conflict when there is none
    public Run running() {
        Run current = run;
        if (state instanceof LifeCycle.Restarting) {
            throw LifeCycle.restarting(id());
        }
        if (current == null || !state.isAlive()) {
            throw new Conflict("container " + id() + " is not running");
        }
        return current;
    }

    /// The running process; null when there is none.
    public @Nullable Run run() {
        return state.isAlive() ? run : null;
    }

    /// What it uses of the host.
    ///
    /// @param previous what the same client has had before
    StatsView stats(@Nullable StatsView previous) throws InterruptedException {
        Run current = run();
        String name = definition.name();
        Optional<StatsView> sample = current == null ? Optional.empty() : current.stats(name, previous);
        // what was read while the run came to its end may be incomplete
        return sample.filter(_ -> Objects.equals(current, run())).orElseGet(() -> StatsViews.empty(id(), name));
    }

    /// Whether nothing of an earlier run is left on the host. Under the lock.
    public boolean isCleanedUp() {
        return run == null;
    }

    /// Parks until nothing of an earlier run is left on the host.
    public void awaitCleanUp() {
        Run current = run;
        if (current == null || state.isAlive()) {
            return;
        }
        try {
            current.awaitCleanUp();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new Failed("interrupted while waiting for the end of container " + id());
        }
    }

    /// An earlier run is cleaned up.
    void forget(Run cleaned) {
        changing(() -> {
            if (Objects.equals(run, cleaned)) {
                run = null;
            }
        });
    }

    /// Does something that changes the state.
    public <T extends @Nullable Object> T changing(Supplier<T> change) {
        lock.lock();
        try {
            return change.get();
        } finally {
            lock.unlock();
        }
    }

    public void changing(Runnable change) {
        changing(() -> {
            change.run();
            return null;
        });
    }

    /// Takes a new state, which is on the disk afterwards. Under the lock.
    ///
    /// @param process what runs in the new state, or is still to be cleaned up
    void become(LifeCycle next, @Nullable Run process) {
        record(next);
        set(next, process);
    }

    /// Takes a new state that is on the disk already. Under the lock.
    void set(LifeCycle next, @Nullable Run process) {
        state = next;
        run = process;
    }

    /// Puts a state on the disk. What is so is so, whether or not the disk takes it.
    void record(LifeCycle next) {
        try {
            files.write(next, restarts);
            recorded = true;
        } catch (IOException e) {
            recorded = false;
            LOGGER.log(Level.ERROR, "the state of container " + id() + " is not on the disk", e);
        }
    }

    /// Whether the last state is on the disk.
    boolean isRecorded() {
        return recorded;
    }

    /// Leaves what there is of a run on the host: its end is not on the disk, and a later engine has it from there.
    void keep(Run ended) {
        unrecorded = ended;
    }

    /// Removes what was left, for another run or none is to come.
    void discardKept() {
        Run kept = unrecorded;
        if (kept != null) {
            kept.delete();
            unrecorded = null;
        }
    }

    /// Takes a new name, which is on the disk afterwards. Under the lock.
    void rename(String name) {
        Definition renamed = definition.withName(name);
        try {
            files.write(renamed);
        } catch (IOException e) {
            throw new Failed("name of container " + id() + ": " + e.getMessage(), e);
        }
        definition = renamed;
        log.settings(renamed.logSettings());
    }

    /// Takes other limits, which are on the disk afterwards. Under the lock.
    void configure(HostConfig host) {
        Definition changed = definition.withHost(host);
        try {
            files.write(changed);
        } catch (IOException e) {
            throw new Failed("limits of container " + id() + ": " + e.getMessage(), e);
        }
        definition = changed;
    }

    /// Registers a wait, before anything else can happen.
    Waiting waitFor(WaitCondition condition) {
        return changing(() -> switch (condition) {
            case NOT_RUNNING -> state.isRunning() ? waits.register(condition) : Waits.over(result());
            case NEXT_EXIT, REMOVED -> waits.register(condition);
        });
    }

    /// How its process ended the last time.
    WaitResult result() {
        return result(state);
    }

    private static WaitResult result(LifeCycle of) {
        return switch (of) {
            // why it was not started was told to who asked for the start
            case LifeCycle.Created(int code, String _) -> new WaitResult(code, null);
            case LifeCycle.Exited exited -> new WaitResult(exited.exitCode(), null);
            case LifeCycle.Restarting(LifeCycle.Exited last) -> new WaitResult(last.exitCode(), null);
            case LifeCycle.Removing(LifeCycle before) -> result(before);
            case LifeCycle.Dead(LifeCycle before, String error) ->
                new WaitResult(result(before).code(), error);
            case LifeCycle.Running _, LifeCycle.Paused _ -> new WaitResult(0, null);
        };
    }
}
