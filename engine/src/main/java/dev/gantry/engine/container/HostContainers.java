package dev.gantry.engine.container;

import dev.gantry.engine.Attachment;
import dev.gantry.engine.Containers;
import dev.gantry.engine.Created;
import dev.gantry.engine.EngineException.Conflict;
import dev.gantry.engine.EngineException.Failed;
import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.engine.EngineException.NotFound;
import dev.gantry.engine.EngineException.NotModified;
import dev.gantry.engine.Filters;
import dev.gantry.engine.ListOptions;
import dev.gantry.engine.LogReader;
import dev.gantry.engine.Pruned;
import dev.gantry.engine.Top;
import dev.gantry.engine.Waiting;
import dev.gantry.engine.config.Resources;
import dev.gantry.engine.config.RestartPolicy;
import dev.gantry.engine.request.AttachOptions;
import dev.gantry.engine.request.CreateRequest;
import dev.gantry.engine.request.LogOptions;
import dev.gantry.engine.request.RemoveOptions;
import dev.gantry.engine.request.WaitCondition;
import dev.gantry.engine.spec.ResourceUpdate;
import dev.gantry.engine.state.LifeCycle;
import dev.gantry.engine.stats.ProcessTable;
import dev.gantry.engine.view.ContainerSummary;
import dev.gantry.engine.view.ContainerView;
import dev.gantry.engine.view.ExplanationView;
import dev.gantry.engine.view.StatsView;
import dev.gantry.runtime.Adopted;
import dev.gantry.store.StoreUsage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The containers of this host: each request finds its container and hands it to what does the work.
public final class HostContainers implements Containers {
    /// Between two samples for one client, as in Docker.
    private static final long STATS_INTERVAL_MILLIS = 1000;

    private final Registry registry;
    private final ContainerParts parts;
    private final ImageLeases images;
    private final List<Recovery.Recovered> recovered;

    HostContainers(Registry registry, ContainerParts parts, ImageLeases images, List<Recovery.Recovered> recovered) {
        this.registry = registry;
        this.parts = parts;
        this.images = images;
        this.recovered = new ArrayList<>(recovered);
    }

    /// Goes on with what an earlier daemon has started.
    ///
    /// @param execs goes on with what was executed in a container, before that can come to its end
    public void resume(BiConsumer<Container, List<Adopted.Exec>> execs) {
        for (Recovery.Recovered each : recovered) {
            Run run = each.run();
            if (run != null) {
                execs.accept(each.container(), each.execs());
                parts.starting().resume(each.container(), run, each.logged());
            }
        }
        parts.automaticStarts()
                .begin(recovered.stream()
                        .map(Recovery.Recovered::container)
                        .filter(each -> each.state() instanceof LifeCycle.Restarting)
                        .toList());
        recovered.clear();
    }

    /// Takes a container in that could not be read when the engine started.
    ///
    /// @param execs as in [#resume]
    public void takeIn(String id, BiConsumer<Container, List<Adopted.Exec>> execs) throws IOException {
        Optional<Recovery.Recovered> read = parts.recovery().readAgain(id);
        if (read.isEmpty()) {
            return; // it was to be removed, and is
        }
        Recovery.Recovered found = read.get();
        registry.admit(found.container());
        recovered.add(found);
        resume(execs);
    }

    /// What does the work.
    record ContainerParts(
            ContainerNames names,
            Recovery recovery,
            Creation creation,
            Explaining explaining,
            Launcher launcher,
            Starting starting,
            AutomaticStarts automaticStarts,
            Stopping stopping,
            Removal removal,
            Updating updating,
            Inspection inspection,
            LifeEvents events) {}

    /// What mounts containers' files.
    public Launcher launcher() {
        return parts.launcher();
    }

    /// Every container, for who needs more than the contract gives.
    public Registry registry() {
        return registry;
    }

    @Override
    public Created create(CreateRequest request) {
        Creation.Made made = parts.creation().create(request);
        registry.add(made.container());
        parts.events().publish(made.container(), "create");
        return new Created(made.container().id(), made.warnings());
    }

    @Override
    public ExplanationView explain(CreateRequest request) {
        return parts.explaining().explain(request);
    }

    @Override
    public ContainerView inspect(String ref, boolean size) {
        Container container = registry.get(ref);
        return parts.inspection().view(container, size ? measure(container) : null);
    }

    private static DiskUse measure(Container container) {
        try {
            return DiskUse.ofContent(container);
        } catch (IOException e) {
            throw new Failed("size of container " + container.id() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public List<ContainerSummary> list(ListOptions options) {
        var filter = new ListFilter(options.filters(), registry, images::find, parts.inspection()::mounts);
        boolean all = options.all() || options.limit() > 0 || filter.asksForAll();
        Instant now = Instant.now();
        return registry.newestFirst().stream()
                .filter(container -> all || container.state().isRunning())
                .filter(filter::passes)
                .limit(options.limit() > 0 ? options.limit() : Long.MAX_VALUE)
                .map(container ->
                        parts.inspection().summary(container, options.size() ? measure(container) : null, now))
                .toList();
    }

    @Override
    public void start(String ref, @Nullable String detachKeys) {
        parts.starting().start(registry.get(ref), detachKeys);
    }

    @Override
    public void stop(String ref, @Nullable String signal, @Nullable Integer seconds) {
        parts.stopping().stop(registry.get(ref), signal, seconds);
    }

    @Override
    public void restart(String ref, @Nullable String signal, @Nullable Integer seconds) {
        Container container = registry.get(ref);
        container.restarting(true);
        try {
            parts.stopping().stop(container, signal, seconds);
        } catch (NotModified _) {
            // it does not run, or has just ended
        } finally {
            container.restarting(false);
        }
        parts.starting().start(container, null);
        parts.events().publish(container, "restart");
    }

    @Override
    public void kill(String ref, @Nullable String signal) {
        String problem = "cannot kill container: " + ref + ": ";
        try {
            parts.stopping().kill(registry.get(ref), signal);
        } catch (NotFound e) {
            throw new NotFound(problem + e.getMessage());
        } catch (Conflict e) {
            throw new Conflict(problem + e.getMessage());
        }
    }

    @Override
    public void pause(String ref) {
        parts.stopping().pause(registry.get(ref));
    }

    /// Freezes a container for as long as a request takes: a daemon that comes after this one thaws it.
    ///
    /// @return whether it is frozen because of this, and to be [released][#release]: not if it does not run
    public boolean hold(Container container) {
        return parts.stopping().hold(container);
    }

    /// Thaws what [#hold] has frozen, unless somebody has done so.
    public void release(Container container) {
        parts.stopping().release(container);
    }

    @Override
    public void unpause(String ref) {
        parts.stopping().unpause(registry.get(ref));
    }

    @Override
    public List<String> update(String ref, Resources change, @Nullable RestartPolicy restart) {
        return parts.updating().update(registry.get(ref), new ResourceUpdate(change, restart));
    }

    @Override
    public void rename(String ref, String name) {
        if (name.isEmpty()) {
            throw new Invalid("Neither old nor new names may be empty");
        }
        Container container = registry.get(ref);
        String before = container.changing(() -> renamed(container, name));
        parts.events().publish(container, "rename", Map.of("oldName", "/" + before));
    }

    /// Under the lock; gives the name before.
    private String renamed(Container container, String name) {
        container.state().requireKept(container.id());
        String before = container.definition().name();
        parts.names().rename(container.id(), before, name);
        try {
            container.rename(name.startsWith("/") ? name.substring(1) : name);
        } catch (Failed e) {
            parts.names().rename(container.id(), name, before);
            throw e;
        }
        return before;
    }

    @Override
    public void remove(String ref, RemoveOptions options) {
        parts.removal().remove(registry.get(ref), options);
    }

    @Override
    public Waiting waitFor(String ref, WaitCondition condition) {
        return registry.get(ref).waitFor(condition);
    }

    @Override
    public void resize(String ref, int rows, int columns) {
        Container container = registry.get(ref);
        Run run = container.running();
        if (!container.definition().config().tty()) {
            // as runc: there is nothing to resize, and clients that always ask shall not fail
            return;
        }
        try {
            run.process().resize(rows, columns);
        } catch (IOException e) {
            throw new Failed("resize of container " + container.id() + ": " + e.getMessage(), e);
        }
        parts.events()
                .publish(
                        container,
                        "resize",
                        Map.of("height", Integer.toString(rows), "width", Integer.toString(columns)));
    }

    @Override
    public Top top(String ref, @Nullable String psArguments) {
        Container container = registry.get(ref);
        Top top = ProcessTable.of(processes(container), psArguments);
        parts.events().publish(container, "top");
        return top;
    }

    private static Set<Integer> processes(Container container) {
        try {
            return Set.copyOf(container.running().process().processes());
        } catch (IOException e) {
            throw new Failed("processes of container " + container.id() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public StatsView stats(String ref, @Nullable StatsView previous) throws InterruptedException {
        if (previous != null) {
            Thread.sleep(STATS_INTERVAL_MILLIS);
        }
        return registry.get(ref).stats(previous == null || !previous.describesRunning() ? null : previous);
    }

    @Override
    public Attachment attach(String ref, AttachOptions options) {
        return Attaching.attach(registry.get(ref), options, parts.events());
    }

    @Override
    public LogReader logs(String ref, LogOptions options) {
        Container container = registry.get(ref);
        return container.log().reader(options, container.definition().config().tty());
    }

    @Override
    public Pruned prune(Filters filters) {
        return new Pruning(filters).run(registry, parts.removal(), images.ledger());
    }

    /// What a prune takes.
    ///
    /// @param status for people
    /// @param size bytes on the disk, without what it keeps of the image store
    public record Prunable(String id, String name, String image, String status, long size) {}

    /// What a prune would take.
    public List<Prunable> prunable(Filters filters) {
        Instant now = Instant.now();
        return new Pruning(filters)
                .candidates(registry).stream()
                        .map(each -> new Prunable(
                                each.id(),
                                each.definition().name(),
                                each.definition().config().image(),
                                each.state().summary(now),
                                Pruning.size(each)))
                        .toList();
    }

    /// All of them, with what they take on the disk.
    public List<ContainerSummary> usage(StoreUsage store) {
        Instant now = Instant.now();
        return registry.newestFirst().stream()
                .flatMap(container ->
                        measured(container, store).map(use -> parts.inspection().summary(container, use, now)).stream())
                .toList();
    }

    /// Empty for a container that was removed meanwhile.
    private Optional<DiskUse> measured(Container container, StoreUsage store) {
        try {
            return Optional.of(DiskUse.onDisk(container, store));
        } catch (IOException e) {
            if (registry.find(container.id()).isEmpty()) {
                return Optional.empty();
            }
            throw new Failed("size of container " + container.id() + ": " + e.getMessage(), e);
        }
    }

    /// From now on, nothing is started by a restart policy.
    public void close() {
        parts.starting().close();
    }

    /// Stops every container and returns when none runs.
    ///
    /// @param timeout for those without one of their own
    public void stopAll(Duration timeout) {
        parts.stopping().stopAll(registry.newestFirst(), timeout);
    }
}
