package dev.gantry.runtime;

import dev.gantry.kernel.Mounts;
import dev.gantry.kernel.OwnedFd;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.runtime.hook.HookRunner;
import dev.gantry.runtime.hook.LifecycleHooks;
import dev.gantry.runtime.hook.StateDocument;
import dev.gantry.runtime.shim.AdoptedShim;
import dev.gantry.runtime.shim.ShimRecord;
import dev.gantry.runtime.shim.StatusFile;
import dev.gantry.runtime.shim.Strays;
import dev.gantry.runtime.state.Belongings;
import dev.gantry.runtime.state.ContainerState;
import dev.gantry.runtime.state.ExecRecords;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Takes containers back that another daemon has started.
final class Adoption {
    private final Launcher launcher;
    private final ContainerExecs.Plans execs;

    Adoption(Launcher launcher, ContainerExecs.Plans execs) {
        this.launcher = launcher;
        this.execs = execs;
    }

    /// What the parts of a container that is taken back are put together to.
    interface Assembly {
        /// What goes with an exec, besides its record and its status.
        List<Path> files(ExecRecords.Place exec);

        /// Nothing runs any more that is not among the recorded execs, of which some may end meanwhile.
        RunningContainer container(ContainerState.Started started, StartedProcess process, SafeDirectory root)
                throws IOException;

        ContainerProcess exec(ExecRecords.Found exec, StartedProcess process) throws IOException;
    }

    /// A container of this runtime; empty if it was not made to the end, or in another boot.
    Optional<Adopted> adopt(String id, Belongings belongings) throws IOException {
        return adopt(belongings, new Own(id, belongings));
    }

    /// Empty if the container was not made to the end, or in another boot: its command has not been executed then.
    Optional<Adopted> adopt(Belongings belongings, Assembly assembly) throws IOException {
        Optional<ContainerState.Started> record = belongings.state().started();
        if (record.isEmpty()) {
            return Optional.empty();
        }
        List<Runnable> undo = new ArrayList<>();
        boolean adopted = false;
        try {
            Optional<Adopted> result = adopted(belongings, record.get(), assembly, undo);
            adopted = result.isPresent();
            return result;
        } finally {
            if (!adopted) {
                undo.forEach(Runnable::run);
            }
        }
    }

    private Optional<Adopted> adopted(
            Belongings belongings, ContainerState.Started started, Assembly assembly, List<Runnable> undo)
            throws IOException {
        AdoptedShim main = AdoptedShim.of(
                launcher.poller(), started.shim(), belongings.state().status());
        StartedProcess process = process(main, started.shim(), belongings);
        undo.add(process::close);
        SafeDirectory root = root(main);
        undo.add(root::close);
        if (!main.recorded()) {
            return Optional.empty();
        }
        List<Adopted.Exec> execs = new ArrayList<>();
        Set<Integer> known = new HashSet<>(both(started.shim()));
        for (ExecRecords.Found each : belongings.state().execs().settle()) {
            StatusFile status = each.place().statusFile(assembly.files(each.place()));
            ShimRecord shim = each.executed().shim();
            AdoptedShim found = AdoptedShim.of(launcher.poller(), shim, status);
            StartedProcess executed = process(found, shim, belongings);
            if (!found.recorded()) {
                executed.close();
                belongings.state().execs().remove(each.place().record());
                continue;
            }
            undo.add(executed::close);
            execs.add(new Adopted.Exec(each.executed().id(), assembly.exec(each, executed)));
            known.addAll(both(shim));
        }
        new Strays(belongings.cgroup()).end(known);
        return Optional.of(new Adopted(assembly.container(started, process, root), started.process(), execs));
    }

    /// The shim, and what it watches: another runtime is a supervisor, too.
    private static Set<Integer> both(ShimRecord shim) {
        return Set.of(shim.identity().pid(), shim.pid());
    }

    /// Puts containers of this runtime together.
    private final class Own implements Assembly {
        private final String id;
        private final Belongings belongings;

        Own(String id, Belongings belongings) {
            this.id = id;
            this.belongings = belongings;
        }

        @Override
        public List<Path> files(ExecRecords.Place exec) {
            return List.of();
        }

        @Override
        public RunningContainer container(ContainerState.Started started, StartedProcess process, SafeDirectory root) {
            var container =
                    new ContainerExecs.Container(id, process, belongings, root, started.filter(), started.namespaces());
            belongings.whenRemoved(hooks(id, belongings, started)::stopped);
            return new StartedContainer(
                    container, new ContainerExecs(launcher, execs, container), started.ownPidNamespace());
        }

        @Override
        public ContainerProcess exec(ExecRecords.Found exec, StartedProcess process) {
            return process;
        }
    }

    private LifecycleHooks hooks(String id, Belongings belongings, ContainerState.Started started) {
        return new LifecycleHooks(
                started.hooks(),
                new StateDocument(id, belongings.state().directory(), started.annotations()),
                new HookRunner(launcher.poller()),
                warning -> System.getLogger(Adoption.class.getName()).log(System.Logger.Level.WARNING, warning));
    }

    private static StartedProcess process(AdoptedShim shim, ShimRecord record, Belongings belongings) {
        return new StartedProcess(
                shim.process(), record.startedAt(), shim.shim(), shim.streams(), belongings::outOfMemory);
    }

    /// The root that the shim has kept: a second overlay on the same directories would be undefined, and what
    /// `/proc/<pid>/root` shows the container may have changed (chroot(2)). Without a shim nothing runs, and
    /// nothing is seen.
    private static SafeDirectory root(AdoptedShim main) throws IOException {
        OwnedFd root = main.root();
        return SafeDirectory.of(
                root == null
                        ? Mounts.fileSystem("tmpfs", Map.of("source", "none"), Set.of(Mounts.Attribute.READ_ONLY))
                        : root);
    }
}
