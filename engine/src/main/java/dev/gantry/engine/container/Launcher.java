package dev.gantry.engine.container;

import dev.gantry.engine.EngineException;
import dev.gantry.engine.EngineException.Failed;
import dev.gantry.engine.EngineOptions.Runtimes;
import dev.gantry.engine.EngineOptions.UserRemapping;
import dev.gantry.engine.config.HostConfig;
import dev.gantry.engine.root.InitLayer;
import dev.gantry.engine.spec.Identity;
import dev.gantry.engine.spec.LaunchInput;
import dev.gantry.engine.spec.SpecBuilder;
import dev.gantry.engine.state.LifeCycle;
import dev.gantry.engine.user.UserLookup;
import dev.gantry.engine.volume.ContainerVolumes;
import dev.gantry.engine.volume.PreparedMounts;
import dev.gantry.engine.volume.SourcePropagation;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.oci.runtime.Mount;
import dev.gantry.oci.runtime.Spec;
import dev.gantry.runtime.ContainerLaunch;
import dev.gantry.runtime.ContainerRuntime;
import dev.gantry.runtime.LaunchException;
import dev.gantry.runtime.RootFileSystem;
import dev.gantry.runtime.RunningContainer;
import dev.gantry.runtime.explain.Origins;
import dev.gantry.runtime.external.RuntimeProgram;
import dev.gantry.runtime.timing.StartStep;
import dev.gantry.store.Lease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// From a container's definition to its process.
public final class Launcher {
    private final ContainerRuntime runtime;
    private final ContainerRoots.Retaking execRoot;
    private final SpecBuilder specs;
    private final DaemonDefaults defaults;
    private final Function<String, Container> containers;
    private final ContainerVolumes volumes;

    /// What the daemon was told for all containers.
    ///
    /// @param remapping null without user namespaces
    record DaemonDefaults(
            Map<String, String> ulimits, @Nullable UserRemapping remapping, Runtimes runtimes) {}

    /// @param containers finds the container whose namespace is joined
    Launcher(
            ContainerRuntime runtime,
            ContainerRoots.Retaking execRoot,
            SpecBuilder specs,
            DaemonDefaults defaults,
            Function<String, Container> containers,
            ContainerVolumes volumes) {
        this.runtime = runtime;
        this.execRoot = execRoot;
        this.specs = specs;
        this.defaults = defaults;
        this.containers = containers;
        this.volumes = volumes;
    }

    /// Starts the process; nothing is left behind when it throws.
    ///
    /// @throws dev.gantry.runtime.LaunchException when the command cannot be run, or a step is refused
    Run launch(Container container) throws IOException {
        Definition definition = container.definition();
        ContainerFiles files = container.files();
        RuntimeProgram program = program(definition.host()).orElse(null);
        execRoot.retake();
        StartStep step = StartStep.begin("root file system mounted");
        SafeDirectory root = root(container);
        boolean started = false;
        try (PreparedMounts prepared = mounts()) {
            step = step.then("user looked up, runtime spec written");
            List<Mount> mounts = prepared.of(definition.id(), definition.mounts(), root);
            UserRemapping remapping = remapping(definition.host());
            if (remapping != null) {
                RemappedFiles.give(files, remapping);
            }
            Spec spec = spec(definition, files, mounts, root);
            step.commit();
            RunningContainer process = runtime.start(new ContainerLaunch(
                    definition.id(),
                    spec,
                    root,
                    definition.config().openStdin(),
                    Boolean.TRUE.equals(definition.host().init()),
                    Origins.NONE,
                    program));
            started = true;
            volumes.mounted(definition.id(), definition.mounts());
            return new Run(process, Objects.requireNonNull(spec.process(), "a container that runs has a process"));
        } finally {
            if (!started) {
                root.close();
            }
        }
    }

    /// Where there is no space for its working directory, the kernel mounts an overlay nevertheless, but read-only.
    private static void requireWorkingDirectory(ContainerFiles files) throws IOException {
        Path directory = files.work().resolve("work");
        if (!Files.exists(directory)) {
            Files.createDirectory(directory); // says why, or makes the next start succeed
            throw new IOException("mount of the root file system: it would be read-only: try again");
        }
    }

    /// The mount that others have of a container that does not run, else a new one: the kernel forbids two at a time.
    private SafeDirectory root(Container container) throws IOException {
        Optional<SafeDirectory> used = container.root().inUse();
        return used.isPresent() ? used.get() : mount(container);
    }

    /// Mounts the root of a container that does not run, where nobody sees it.
    public SafeDirectory mount(Container container) throws IOException {
        boolean neverRan = container.state() instanceof LifeCycle.Created;
        return mount(
                container.lease(), container.files(), container.definition().host(), neverRan);
    }

    private SafeDirectory mount(Lease lease, ContainerFiles files, HostConfig host, boolean neverRan)
            throws IOException {
        SafeDirectory root = runtime.mount(root(lease.layerTrees(), files, host));
        boolean complete = false;
        try {
            requireWorkingDirectory(files);
            if (neverRan) {
                InitLayer.make(root, remapping(host));
            }
            complete = true;
            return root;
        } finally {
            if (!complete) {
                root.close();
            }
        }
    }

    /// What makes the mounts of a container.
    public PreparedMounts mounts() {
        return new PreparedMounts(volumes);
    }

    /// What a launch has mounted is not in use any more.
    void unmounted(Definition definition) {
        volumes.unmounted(definition.id(), definition.mounts());
    }

    /// Makes the volumes of a new container, with what its image has for them.
    void makeVolumes(Definition definition, ContainerFiles files, Lease lease) throws IOException {
        volumes.prepare(definition.id(), definition.mounts(), () -> mount(lease, files, definition.host(), true));
    }

    /// Takes back what [#makeVolumes] has made, but for what has a name.
    void removeVolumes(Definition definition) {
        volumes.release(definition.id(), definition.mounts(), true);
    }

    /// The runtime that makes a container; empty is Gantry's own. What a daemon knew need not be known to the next one.
    Optional<RuntimeProgram> program(HostConfig host) {
        String name = host.runtime();
        if (!defaults.runtimes().contains(name)) {
            throw new EngineException.Invalid("unknown or invalid runtime name: " + name);
        }
        return Optional.ofNullable(defaults.runtimes().others().get(name))
                .map(program -> new RuntimeProgram(name, Path.of(program.path()), program.arguments()));
    }

    /// The specification of a container that is not to be started, with the sources that its mounts would have.
    ///
    /// @param accounts where its users are looked up
    Spec foreseen(Definition definition, ContainerFiles files, SafeDirectory accounts) {
        List<Mount> mounts = definition.mounts().stream()
                .map(plan -> PreparedMounts.mount(
                        plan,
                        volume -> volumes.foreseen(definition.id(), volume).toString()))
                .toList();
        return spec(definition, files, mounts, accounts);
    }

    /// Where the files of a container come from.
    RootFileSystem root(List<Path> layers, ContainerFiles files, HostConfig host) {
        UserRemapping remapping = remapping(host);
        return remapping == null
                ? new RootFileSystem.Overlay(layers, files.upper(), files.work())
                : new RootFileSystem.MappedOverlay(
                        layers, files.upper(), files.work(), remapping.uids(), remapping.gids());
    }

    /// Whom the users of a container are on the host; null if they are the same.
    public @Nullable UserRemapping remapping(HostConfig host) {
        return host.namespaces().usernsMode().equals("host") ? null : defaults.remapping();
    }

    private Spec spec(Definition definition, ContainerFiles files, List<Mount> mounts, SafeDirectory root) {
        SourcePropagation.require(definition.mounts());
        HostConfig host = definition.host();
        List<Mount> all = new ArrayList<>(mounts);
        if (mounts.stream().noneMatch(mount -> mount.destination().equals("/dev/shm"))) {
            sharedMemory(host).ifPresent(all::add);
        }
        Identity user = UserLookup.resolve(
                root, definition.config().user(), host.security().groupAdd());
        Optional<Container> networked = NamespaceSource.find(
                        "network", host.network().networkMode(), containers)
                .map(NamespaceSource::container);
        return specs.build(new LaunchInput(
                definition.id(),
                networked
                        .map(other -> definition
                                .config()
                                .withNamesOf(other.definition().config()))
                        .orElse(definition.config()),
                host,
                user,
                all,
                NameFiles.mounts(networked.map(Container::files).orElse(files)),
                joined(host),
                defaults.ulimits(),
                remapping(host)));
    }

    private Map<String, String> joined(HostConfig host) {
        var joined = new HashMap<String, String>();
        NamespaceSource.find("network", host.network().networkMode(), containers)
                .ifPresent(source -> joined.put("network", source.file("net")));
        NamespaceSource.find("PID namespace", host.namespaces().pidMode(), containers)
                .ifPresent(source -> joined.put("pid", source.file("pid")));
        NamespaceSource.find("IPC", host.namespaces().ipcMode(), containers)
                .ifPresent(source -> joined.put("ipc", source.shareable().file("ipc")));
        if (remapping(host) != null) {
            // what is joined belongs to the other's user namespace
            joined.values().stream()
                    .findFirst()
                    .ifPresent(file -> joined.put("user", file.substring(0, file.lastIndexOf('/')) + "/user"));
        }
        return joined;
    }

    /// The shared memory of a container whose IPC namespace is joined: without it POSIX semaphores and shared memory,
    /// which are files there, would not be shared.
    private Optional<Mount> sharedMemory(HostConfig host) {
        return NamespaceSource.find("IPC", host.namespaces().ipcMode(), containers)
                .map(source -> new Mount(
                        "/dev/shm", "bind", source.process() + "/root/dev/shm", List.of("bind", "rw", "rprivate")));
    }

    /// What a failure of the runtime is to the user: Docker's clients look into the text for the exit codes 126 and
    /// 127.
    static EngineException translated(IOException failure) {
        String text = "OCI runtime create failed: " + failure.getMessage();
        return failure instanceof LaunchException launch && launch.exitCode() != LaunchException.SETUP
                ? new EngineException.Invalid(text, launch)
                : new Failed(text, failure);
    }
}
