package dev.gantry.runtime;

import dev.gantry.kernel.HostFiles;
import dev.gantry.kernel.OpenMode;
import dev.gantry.kernel.OwnedFd;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.oci.runtime.Linux;
import dev.gantry.oci.runtime.Namespace;
import dev.gantry.oci.runtime.Process;
import dev.gantry.oci.runtime.Spec;
import dev.gantry.runtime.cgroup.Cgroup;
import dev.gantry.runtime.cgroup.CgroupPlace;
import dev.gantry.runtime.conformance.Support;
import dev.gantry.runtime.explain.PlannedLaunch;
import dev.gantry.runtime.hook.HookRunner;
import dev.gantry.runtime.hook.LifecycleHooks;
import dev.gantry.runtime.hook.StateDocument;
import dev.gantry.runtime.idmap.IdMaps;
import dev.gantry.runtime.idmap.UserNamespaces;
import dev.gantry.runtime.launch.ExecNamespaces;
import dev.gantry.runtime.launch.LaunchPlan;
import dev.gantry.runtime.launch.Links;
import dev.gantry.runtime.launch.ProcessPlan;
import dev.gantry.runtime.mount.BoundTerminals;
import dev.gantry.runtime.mount.RootLinks;
import dev.gantry.runtime.network.SpareNetwork;
import dev.gantry.runtime.shim.Executable;
import dev.gantry.runtime.shim.Handover;
import dev.gantry.runtime.shim.StandardStreams;
import dev.gantry.runtime.state.Belongings;
import dev.gantry.runtime.state.ContainerState;
import dev.gantry.runtime.state.StateRoot;
import dev.gantry.runtime.timing.StartStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// Makes everything of a container but its process: its program, its state directory, its cgroups, and what the
/// program is handed.
///
/// @param variant changes each program before it is run: fault injection
/// @param spareNetwork where containers have their network namespace from; without it, each makes its own
/// @param bundles what hooks are told of where a container's configuration lies, by its ID
record Preparation(
        StateRoot states,
        LaunchPlans plans,
        UnaryOperator<LaunchPlan> variant,
        HookRunner hookRunner,
        UserNamespaces userNamespaces,
        Optional<SpareNetwork> spareNetwork,
        Function<String, Path> bundles,
        Consumer<String> warnings) {

    /// A container that is about to be started.
    ///
    /// @param program what is run
    record Prepared(
            ContainerLaunch launch,
            Executable program,
            LaunchPlans.Planned planned,
            ContainerState.Kept kept,
            Belongings belongings,
            StateDocument document) {
        Process process() {
            return planned.spec();
        }

        IdMaps maps() {
            return planned.maps();
        }

        LaunchPlan plan() {
            return program.plan();
        }

        /// The devpts in which its terminal is.
        ///
        /// @param handover has its bind mounts
        OwnedFd devpts(Handover handover) throws IOException {
            BoundTerminals bound = planned.terminals().orElse(null);
            if (bound == null) {
                return StandardStreams.newDevpts(maps());
            }
            SafeDirectory mount = SafeDirectory.of(handover.get(LaunchPlan.bind(bound.index())));
            return mount.openDirectory(bound.directory()).descriptor();
        }
    }

    /// What is done once a container's state and cgroups are there, and what its program needs is open.
    interface Launching<T> {
        T with(Prepared prepared, Handover handover, OutsideWork outside) throws IOException;
    }

    /// Makes everything but a container's process, and nothing if that cannot be made.
    <T> T launch(ContainerLaunch launch, ProcessPlan.Reaper reaper, Launching<T> launching) throws IOException {
        Linux linux = linux(launch.spec());
        StartStep step = StartStep.begin("launch program compiled");
        try (Handover handover = new Handover()) {
            RootLinks links = new RootLinks(launch.root());
            LaunchPlans.Planned planned =
                    plans.plan(planned(launch), reaper, readyNamespaces(linux, handover), links::follow);
            Support.withoutEffect(launch.spec()).forEach(warnings);
            step = step.then("cgroups made and limited, descriptors opened");
            CgroupPlace place = place(launch.id(), linux);
            Belongings belongings = states.belongings(place, launch.id());
            if (reaper instanceof ProcessPlan.Reaper.Caller) {
                refuseForeign(belongings.cgroup(), linux);
            }
            Prepared prepared = prepared(launch, linux, planned, belongings);
            belongings.state().create(place.recorded(launch.id()));
            try (OutsideWork outside = new OutsideWork(
                    order(prepared, linux),
                    hookRunner,
                    belongings.state(),
                    () -> belongings.whenRemoved(hooks(launch.id(), prepared.kept())::stopped))) {
                belongings.cgroup().create(linux.resources(), warnings);
                belongings.handCgroupTrees(prepared.plan(), handover);
                hand(launch, linux, belongings, handover, new MountSources(userNamespaces, planned.maps(), links));
                outside.hand(prepared.plan(), handover);
                step.commit();
                return launching.with(prepared, handover, outside);
            } catch (IOException | RuntimeException e) {
                belongings.remove(e);
                throw e;
            }
        }
    }

    /// A group that the caller has chosen may be somebody else's, and what is in it is killed at the end.
    private static void refuseForeign(Cgroup cgroup, Linux linux) throws IOException {
        int processes = cgroup.processes().size();
        if (processes > 0) {
            Object asked = linux.cgroupsPath() == null ? cgroup.ownDirectories().getFirst() : linux.cgroupsPath();
            throw new LaunchException(
                    "linux.cgroupsPath",
                    "cgroup %s is not empty: %d processes found".formatted(asked, processes),
                    null,
                    LaunchException.SETUP);
        }
    }

    private Prepared prepared(ContainerLaunch launch, Linux linux, LaunchPlans.Planned planned, Belongings belongings) {
        ContainerState.Kept kept = new ContainerState.Kept(
                makes(linux, Namespace.Type.PID),
                planned.spec(),
                planned.process().filter(),
                namespaces(linux, planned.maps()),
                launch.spec().hooks(),
                launch.spec().annotations());
        Executable program = Executable.of(variant.apply(planned.program()), launch.id());
        return new Prepared(launch, program, planned, kept, belongings, document(launch.id(), kept));
    }

    private static OutsideWork.Order order(Prepared prepared, Linux linux) {
        ProcessPlan process = prepared.planned().process();
        return new OutsideWork.Order(
                prepared.document(),
                linux.timeOffsets(),
                prepared.planned().maps(),
                prepared.kept().hooks(),
                process.oomScoreAdjustment(),
                process.agent(),
                0);
    }

    /// The hooks of a container.
    LifecycleHooks hooks(String id, ContainerState.Kept kept) {
        return new LifecycleHooks(kept.hooks(), document(id, kept), hookRunner, warnings);
    }

    /// A container, as others are told of it.
    StateDocument document(String id, ContainerState.Kept kept) {
        return new StateDocument(id, bundles.apply(id), kept.annotations());
    }

    /// Takes the namespaces that do not have to be made with the process.
    private Set<Namespace.Type> readyNamespaces(Linux linux, Handover handover) {
        Optional<OwnedFd> network = takesSpare(linux) ? spareNetwork.flatMap(SpareNetwork::take) : Optional.empty();
        if (network.isEmpty()) {
            return Set.of();
        }
        handover.give(namespace(Namespace.Type.NETWORK), network.get());
        return Set.of(Namespace.Type.NETWORK);
    }

    /// A namespace belongs to the user namespace of its maker: a container with its own makes the others, too.
    private static boolean takesSpare(Linux linux) {
        return makes(linux, Namespace.Type.NETWORK) && !has(linux, Namespace.Type.USER);
    }

    private static void hand(
            ContainerLaunch launch, Linux linux, Belongings belongings, Handover handover, MountSources sources)
            throws IOException {
        belongings.handCgroups(handover);
        handover.show(LaunchPlan.ROOT, launch.root().descriptor());
        for (Namespace each : linux.namespaces()) {
            if (each.path() != null) {
                handover.give(namespace(each.type()), HostFiles.open(Path.of(each.path()), OpenMode.READ));
            }
        }
        sources.hand(launch.spec().mounts(), launch.root(), handover);
    }

    CgroupPlace place(ContainerLaunch launch) throws LaunchException {
        return place(launch.id(), linux(launch.spec()));
    }

    CgroupPlace place(String id, Linux linux) throws LaunchException {
        try {
            return CgroupPlace.of(linux.cgroupsPath(), states.usualPlace(id));
        } catch (IllegalArgumentException e) {
            String item = "linux.cgroupsPath";
            throw new LaunchException(item, item + ": " + e.getMessage(), null, LaunchException.SETUP);
        }
    }

    private static PlannedLaunch planned(ContainerLaunch launch) {
        return new PlannedLaunch(
                launch.id(),
                launch.spec(),
                launch.openStdin(),
                launch.init(),
                launch.origins()::of,
                Files::isDirectory);
    }

    /// The program of a container as it would be started now; links of its root, which is not there, are not known.
    LaunchPlan plan(PlannedLaunch launch) throws IOException {
        boolean spare = takesSpare(linux(launch.spec()))
                && spareNetwork.filter(SpareNetwork::isReady).isPresent();
        return variant.apply(plans.plan(
                        launch,
                        new ProcessPlan.Reaper.Shim(),
                        spare ? Set.of(Namespace.Type.NETWORK) : Set.of(),
                        Links.NONE)
                .program());
    }

    static Linux linux(Spec spec) throws LaunchException {
        Linux linux = spec.linux();
        if (linux == null) {
            throw new LaunchException("linux", "the spec has no \"linux\" part", null, LaunchException.SETUP);
        }
        return linux;
    }

    private static ExecNamespaces namespaces(Linux linux, IdMaps maps) {
        return new ExecNamespaces(has(linux, Namespace.Type.USER), has(linux, Namespace.Type.TIME), maps);
    }

    static boolean has(Linux linux, Namespace.Type type) {
        return linux.namespaces().stream().anyMatch(each -> each.type() == type);
    }

    static boolean makes(Linux linux, Namespace.Type type) {
        return linux.namespaces().stream().anyMatch(each -> each.type() == type && each.path() == null);
    }

    private static String namespace(Namespace.Type type) {
        return LaunchPlan.namespace(type.name().toLowerCase(Locale.ROOT));
    }
}
