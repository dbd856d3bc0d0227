package dev.gantry.engine.container;

import dev.gantry.engine.EngineException;
import dev.gantry.engine.EngineException.Conflict;
import dev.gantry.engine.EngineException.Failed;
import dev.gantry.engine.config.HostConfig;
import dev.gantry.engine.spec.Identity;
import dev.gantry.engine.spec.LaunchInput;
import dev.gantry.engine.spec.MountPlan;
import dev.gantry.engine.spec.MountRequests;
import dev.gantry.engine.spec.SpecBuilder;
import dev.gantry.engine.user.UserLookup;
import dev.gantry.engine.volume.AnonymousVolume;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.oci.runtime.Mount;
import dev.gantry.oci.runtime.Spec;
import dev.gantry.runtime.ContainerLaunch;
import dev.gantry.runtime.ContainerRuntime;
import dev.gantry.runtime.LaunchException;
import dev.gantry.runtime.Origins;
import dev.gantry.runtime.RootFileSystem;
import dev.gantry.runtime.RunningContainer;
import dev.gantry.runtime.timing.StartStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/// From a container's definition to its process.
final class Launcher {
    private static final String CONTAINER = "container:";

    private final ContainerRuntime runtime;
    private final SpecBuilder specs;
    private final Map<String, String> ulimits;
    private final Function<String, Container> containers;

    /// @param ulimits the daemon's defaults
    /// @param containers finds the container whose namespace is joined
    Launcher(
            ContainerRuntime runtime,
            SpecBuilder specs,
            Map<String, String> ulimits,
            Function<String, Container> containers) {
        this.runtime = runtime;
        this.specs = specs;
        this.ulimits = ulimits;
        this.containers = containers;
    }

    /// Starts the process; nothing is left behind when it throws.
    ///
    /// @throws dev.gantry.runtime.LaunchException when the command cannot be run, or a step is refused
    Run launch(Container container) throws IOException {
        Definition definition = container.definition();
        ContainerFiles files = container.files();
        StartStep step = StartStep.begin("root file system mounted");
        SafeDirectory root =
                runtime.mount(new RootFileSystem.Overlay(container.lease().layerTrees(), files.upper(), files.work()));
        boolean started = false;
        try {
            step = step.then("user looked up, runtime spec written");
            List<Mount> mounts = mounts(definition, files, root);
            Spec spec = spec(definition, files, mounts, root);
            step.commit();
            RunningContainer process = runtime.start(new ContainerLaunch(
                    definition.id(),
                    spec,
                    root,
                    definition.config().openStdin(),
                    Boolean.TRUE.equals(definition.host().init()),
                    Origins.NONE));
            started = true;
            return new Run(process, Objects.requireNonNull(spec.process(), "a container that runs has a process"));
        } finally {
            if (!started) {
                root.close();
            }
        }
    }

    /// The specification of a container that is not to be started, with the sources that its mounts would have.
    ///
    /// @param accounts where its users are looked up
    Spec foreseen(Definition definition, ContainerFiles files, SafeDirectory accounts) {
        List<Mount> mounts = MountRequests.of(definition.config(), definition.host()).stream()
                .map(plan -> switch (plan) {
                    case MountPlan.Bind bind -> bind(bind);
                    case MountPlan.Tmpfs tmpfs -> tmpfs(tmpfs);
                    case MountPlan.Volume volume ->
                        volume(
                                volume,
                                AnonymousVolume.of(definition.id(), volume.target())
                                        .in(files.volumes()));
                })
                .toList();
        return spec(definition, files, mounts, accounts);
    }

    private static Mount bind(MountPlan.Bind bind) {
        return new Mount(bind.target(), "bind", bind.source(), bind.options().options());
    }

    private static Mount tmpfs(MountPlan.Tmpfs tmpfs) {
        return new Mount(tmpfs.target(), "tmpfs", "tmpfs", tmpfs.options());
    }

    private static Mount volume(MountPlan.Volume volume, Path directory) {
        String access = volume.readOnly() ? "ro" : "rw";
        return new Mount(volume.target(), "bind", directory.toString(), List.of("rbind", access, "rprivate"));
    }

    private Spec spec(Definition definition, ContainerFiles files, List<Mount> mounts, SafeDirectory root) {
        HostConfig host = definition.host();
        Identity user = UserLookup.resolve(
                root, definition.config().user(), host.security().groupAdd());
        return specs.build(new LaunchInput(
                definition.id(),
                definition.config(),
                host,
                user,
                mounts,
                NameFiles.mounts(files),
                joined(host),
                ulimits));
    }

    /// The mounts asked for, with sources that exist.
    private static List<Mount> mounts(Definition definition, ContainerFiles files, SafeDirectory root)
            throws IOException {
        var mounts = new ArrayList<Mount>();
        for (MountPlan plan : MountRequests.of(definition.config(), definition.host())) {
            mounts.add(
                    switch (plan) {
                        case MountPlan.Bind bind -> {
                            makeSource(bind);
                            yield bind(bind);
                        }
                        case MountPlan.Tmpfs tmpfs -> tmpfs(tmpfs);
                        case MountPlan.Volume volume ->
                            volume(
                                    volume,
                                    AnonymousVolume.of(definition.id(), volume.target())
                                            .prepared(files.volumes(), root));
                    });
        }
        return mounts;
    }

    private static void makeSource(MountPlan.Bind bind) throws IOException {
        Path source = Path.of(bind.source());
        if (!Files.exists(source)) {
            if (!bind.create()) {
                throw new EngineException.Invalid(
                        "invalid mount config for type \"bind\": bind source path does not exist: " + source);
            }
            Files.createDirectories(source);
        }
    }

    private Map<String, String> joined(HostConfig host) {
        var joined = new HashMap<String, String>();
        join(joined, "network", "net", host.network().networkMode());
        join(joined, "pid", "pid", host.namespaces().pidMode());
        join(joined, "ipc", "ipc", host.namespaces().ipcMode());
        return joined;
    }

    private void join(Map<String, String> to, String kind, String file, String mode) {
        if (!mode.startsWith(CONTAINER)) {
            return;
        }
        String ref = mode.substring(CONTAINER.length());
        Container other = containers.apply(ref);
        Run run = other.run();
        if (run == null) {
            throw new Conflict("cannot join " + kind + " namespace of a non running container: " + other.id());
        }
        to.put(kind, "/proc/" + run.process().pid() + "/ns/" + file);
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
