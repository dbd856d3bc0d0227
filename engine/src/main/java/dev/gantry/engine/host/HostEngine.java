package dev.gantry.engine.host;

import dev.gantry.engine.Consistency;
import dev.gantry.engine.Containers;
import dev.gantry.engine.DiskUsage;
import dev.gantry.engine.Engine;
import dev.gantry.engine.EngineException;
import dev.gantry.engine.EngineException.Failed;
import dev.gantry.engine.EngineOptions;
import dev.gantry.engine.Events;
import dev.gantry.engine.Execs;
import dev.gantry.engine.FileAccess;
import dev.gantry.engine.Images;
import dev.gantry.engine.RemoteRegistries;
import dev.gantry.engine.SystemInformation;
import dev.gantry.engine.Volumes;
import dev.gantry.engine.check.HostConsistency;
import dev.gantry.engine.check.Household;
import dev.gantry.engine.container.Container;
import dev.gantry.engine.container.ContainerNames;
import dev.gantry.engine.container.ContainerRoots;
import dev.gantry.engine.container.ContainerWiring;
import dev.gantry.engine.container.HostContainers;
import dev.gantry.engine.container.LifeEvents;
import dev.gantry.engine.container.Run;
import dev.gantry.engine.event.EventLog;
import dev.gantry.engine.exec.ExecRunner;
import dev.gantry.engine.exec.HealthChecks;
import dev.gantry.engine.exec.HostExecs;
import dev.gantry.engine.files.HostFileAccess;
import dev.gantry.engine.image.ImageUse;
import dev.gantry.engine.image.LocalImages;
import dev.gantry.engine.image.Registries;
import dev.gantry.engine.log.LogOptionCheck;
import dev.gantry.engine.remote.HostRegistries;
import dev.gantry.engine.spec.ExecBuilder;
import dev.gantry.engine.spec.HostFacts;
import dev.gantry.engine.state.LifeCycle;
import dev.gantry.engine.system.EngineId;
import dev.gantry.engine.system.HostInformation;
import dev.gantry.engine.system.Machine;
import dev.gantry.engine.usage.HostDiskUsage;
import dev.gantry.engine.view.SystemView;
import dev.gantry.engine.volume.LocalVolumes;
import dev.gantry.kernel.Poller;
import dev.gantry.oci.Digest;
import dev.gantry.runtime.ContainerRuntime;
import dev.gantry.runtime.RuntimeOptions;
import dev.gantry.store.ImageStore;
import dev.gantry.store.space.FullDisk;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The engine on this host.
public final class HostEngine implements Engine {
    private static final System.Logger LOGGER = System.getLogger(HostEngine.class.getName());

    private final DataRoot root;
    private final ExecRoot execRoot;
    private final ContainerRoots roots;
    private final ContainerNames names = new ContainerNames();
    private final EngineOptions options;
    private final Poller poller;
    private final ContainerRuntime runtime;
    private final EventLog events = new EventLog();
    private final Registries registries;
    private final LocalImages images;
    private final LocalVolumes volumes;
    private final HostContainers containers;
    private final HostExecs execs;
    private final HealthChecks healthChecks;
    private final HostFileAccess files;
    private final SystemInformation system;
    private final Consistency consistency;
    private final DiskUsage diskUsage;

    private HostEngine(DataRoot root, ExecRoot execRoot, Poller poller, EngineOptions options) throws IOException {
        this.root = root;
        this.execRoot = execRoot;
        this.roots = new ContainerRoots(root.containers(), execRoot.output(), execRoot.boot(), execRoot::retake);
        this.options = options;
        this.poller = poller;
        var lifeEvents = new LifeEvents(events);
        HostFacts facts = Machine.facts();
        runtime = ContainerRuntime.on(poller, runtimeOptions(execRoot, options));
        runtime.prepare(facts::usualFilter);
        ImageStore store = ImageStore.open(root.images());
        registries = new Registries(options.registries(), options.version());
        images = new LocalImages(store, registries, new Users(), events);
        volumes = volumes(root, options);
        containers = new ContainerWiring(
                        roots, runtime, facts, new StoreLeases(images), volumes.ofContainers(), lifeEvents)
                .open(options, names, this::runningExecs, this::checkHealth);
        execs = new HostExecs(
                containers.registry(), names, new ExecRunner(new ExecBuilder(facts)), lifeEvents, execRoot.execs());
        healthChecks = new HealthChecks(execs, lifeEvents);
        containers.resume(execs::resume);
        files = new HostFileAccess(containers, images, lifeEvents);
        system = HostInformation.open(options, registries::options, facts, this::counts, events::subscribers);
        store.collectGarbage();
        diskUsage = new HostDiskUsage(store, images, containers, volumes);
        consistency = new HostConsistency(
                new Household(store, runtime, containers, names, execs, roots, volumes, mountFreeRoots(root, options)));
    }

    private LocalVolumes volumes(DataRoot root, EngineOptions options) throws IOException {
        EngineOptions.UserRemapping remapping = options.userRemapping();
        Runnable beforeRemoval = () -> roots.requireAllRead(names);
        return remapping == null
                ? LocalVolumes.open(root.volumes(), 0, 0, events, beforeRemoval)
                : LocalVolumes.open(root.volumes(), remapping.rootUid(), remapping.rootGid(), events, beforeRemoval);
    }

    private static List<Path> mountFreeRoots(DataRoot root, EngineOptions options) {
        return List.of(
                root.containers(),
                root.images().resolve("layers"),
                root.images().resolve("content"),
                root.images().resolve("tmp"),
                options.execRoot());
    }

    /// Takes the data root, which it creates if missing, reads what is there and settles what a crash or a
    /// reboot left.
    ///
    /// @throws EngineException.Conflict when another engine owns the data root or the exec root
    /// @throws EngineException.Invalid for log options that no container could be made with
    /// @throws EngineException.Failed when the host lacks what is needed, in one sentence
    public static Engine open(EngineOptions options) {
        LogOptionCheck.checkDaemon(options.logOptions());
        try {
            return open(DataRoot.take(options.dataRoot()), options);
        } catch (IOException e) {
            IOException why = FullDisk.explained(e, options.dataRoot());
            throw new Failed(options.dataRoot() + ": " + why.getMessage(), e);
        }
    }

    private static Engine open(DataRoot root, EngineOptions options) throws IOException {
        boolean open = false;
        try {
            ExecRoot execRoot = ExecRoot.take(options.execRoot(), EngineId.of(root.directory()));
            Engine engine = open(root, execRoot, options);
            open = true;
            return engine;
        } finally {
            if (!open) {
                root.close();
            }
        }
    }

    private static Engine open(DataRoot root, ExecRoot execRoot, EngineOptions options) throws IOException {
        boolean open = false;
        Poller poller = Poller.start("descriptors");
        try {
            Engine engine = new HostEngine(root, execRoot, poller, options);
            open = true;
            return engine;
        } finally {
            if (!open) {
                poller.close();
                execRoot.close();
            }
        }
    }

    private static RuntimeOptions runtimeOptions(ExecRoot execRoot, EngineOptions options) {
        return new RuntimeOptions(
                execRoot.containers(), options.cgroupParent(), null, warning -> LOGGER.log(Level.WARNING, warning));
    }

    /// The containers as images see them.
    private final class Users implements ImageUse {
        @Override
        public List<Using> of(Digest image) {
            return containers.registry().of(image).stream()
                    .map(each -> new Using(each.id(), each.state().isRunning()))
                    .toList();
        }

        @Override
        public void requireAllKnown() {
            roots.requireAllRead(names);
        }

        @Override
        public Map<String, Set<Digest>> leases() {
            return containers.registry().newestFirst().stream()
                    .collect(
                            Collectors.toMap(Container::id, each -> each.lease().content()));
        }
    }

    private void checkHealth(Container container, Run run) {
        healthChecks.watch(container, run);
    }

    private List<String> runningExecs(String container) {
        return execs.runningIn(container);
    }

    private SystemView.Counts counts() {
        int running = 0;
        int paused = 0;
        int stopped = 0;
        List<Container> all = containers.registry().newestFirst();
        for (Container container : all) {
            switch (container.state()) {
                case LifeCycle.Running _ -> running++;
                case LifeCycle.Paused _ -> paused++;
                case LifeCycle.Created _,
                        LifeCycle.Exited _,
                        LifeCycle.Restarting _,
                        LifeCycle.Removing _,
                        LifeCycle.Dead _ -> stopped++;
            }
        }
        return new SystemView.Counts(all.size(), running, paused, stopped, images.count());
    }

    @Override
    public Containers containers() {
        return containers;
    }

    @Override
    public FileAccess files() {
        return files;
    }

    @Override
    public Execs execs() {
        return execs;
    }

    @Override
    public Images images() {
        return images;
    }

    @Override
    public RemoteRegistries registries() {
        return new HostRegistries(registries);
    }

    @Override
    public Volumes volumes() {
        return volumes;
    }

    @Override
    public DiskUsage diskUsage() {
        return diskUsage;
    }

    @Override
    public Events events() {
        return events;
    }

    @Override
    public SystemInformation system() {
        return system;
    }

    @Override
    public Consistency consistency() {
        return consistency;
    }

    @Override
    public void close() {
        containers.close();
        if (!options.liveRestore()) {
            containers.stopAll(options.shutdownTimeout());
        }
        runtime.removeCgroupParent();
        events.close();
        registries.close();
        try {
            poller.close();
            execRoot.close();
            root.close();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "closing the engine", e);
        }
    }
}
