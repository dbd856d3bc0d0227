package dev.gantry.engine.files;

import dev.gantry.engine.EngineException.Failed;
import dev.gantry.engine.container.Container;
import dev.gantry.engine.container.Definition;
import dev.gantry.engine.container.Launcher;
import dev.gantry.engine.container.Run;
import dev.gantry.engine.root.SharedRoot;
import dev.gantry.engine.spec.MountPlan;
import dev.gantry.engine.volume.PreparedMounts;
import dev.gantry.kernel.Errno;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.Mounts;
import dev.gantry.kernel.OwnedFd;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.oci.runtime.Mount;
import dev.gantry.store.files.MountedTree;
import dev.gantry.store.files.MountedTree.Mounted;
import dev.gantry.store.space.FullDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Opens the files of containers: of one that runs by its own mount, of another one by a mount that nobody
/// sees.
///
/// Nothing is mounted at a path for it, and no thread or program enters the container to look a path up.
final class Views {
    /// From the end of a process to its record.
    private static final long END_MILLIS = 10_000;

    private static final int DIRECTORY_MODE = 0755;

    private final Launcher launcher;

    Views(Launcher launcher) {
        this.launcher = launcher;
    }

    /// What is open of a container. To be closed.
    record View(MountedTree tree, SharedRoot.Use use, Owners owners) implements AutoCloseable {
        @Override
        public void close() {
            tree.close();
            use.close();
        }
    }

    /// A container's files with what is mounted there.
    View withMounts(Container container) throws IOException {
        return open(container, true);
    }

    /// A container's own files alone.
    View bare(Container container) throws IOException {
        return open(container, false);
    }

    private View open(Container container, boolean withMounts) throws IOException {
        while (true) {
            Attempt attempt = container.changing(() -> attempt(container, withMounts));
            switch (attempt) {
                case Attempt.Opened(View view) -> {
                    return view;
                }
                case Attempt.Busy() -> container.awaitCleanUp();
                case Attempt.Failure(IOException failure, Run run) -> awaitEnd(failure, run);
            }
        }
    }

    private sealed interface Attempt {
        record Opened(View view) implements Attempt {}

        /// An earlier run is not cleaned up yet.
        record Busy() implements Attempt {}

        /// Perhaps because the run has come to its end.
        record Failure(IOException failure, Run run) implements Attempt {}
    }

    /// Under the container's lock.
    private Attempt attempt(Container container, boolean withMounts) {
        Uses.requirePresent(container);
        Run run = container.run();
        try {
            if (run != null) {
                return new Attempt.Opened(running(container, run, withMounts));
            }
            return container.isCleanedUp() ? new Attempt.Opened(still(container, withMounts)) : new Attempt.Busy();
        } catch (IOException e) {
            if (run != null) {
                return new Attempt.Failure(e, run);
            }
            IOException why = FullDisk.explained(e, container.files().directory());
            throw new Failed("files of container " + container.id() + ": " + why.getMessage(), why);
        }
    }

    private static void awaitEnd(IOException failure, Run run) throws IOException {
        boolean ended = false;
        try {
            // a process that can't be asked for its mounts any more is about to be reported
            ended = isOfTheEnd(failure) && run.await(END_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        if (!ended) {
            throw failure;
        }
    }

    private static boolean isOfTheEnd(IOException failure) {
        return failure instanceof KernelException kernel
                && (kernel.errno().equals(Errno.ENOENT)
                        || kernel.errno().equals(Errno.EINVAL)
                        || kernel.errno().equals(Errno.ESRCH));
    }

    private View running(Container container, Run run, boolean withMounts) throws IOException {
        SharedRoot.Use use = container.root().open(run.process()::bareRoot);
        return view(container, use, withMounts, (mounted, tree) -> runningMounts(container, run, mounted, tree));
    }

    private View still(Container container, boolean withMounts) throws IOException {
        SharedRoot.Use use = container.root().open(() -> mount(container));
        boolean readOnly = container.definition().host().storage().readonlyRootfs();
        return view(container, use, withMounts, (mounted, tree) -> {
            sources(container, use.root(), mounted, tree);
            if (!readOnly) {
                boolean _ = owners(container).<Boolean, IOException>make(() -> makeWay(use.root(), mounted));
            }
        });
    }

    private SafeDirectory mount(Container container) throws IOException {
        SafeDirectory root = launcher.mount(container);
        if (container.definition().host().storage().readonlyRootfs()) {
            Mounts.makeReadOnly(root.descriptor(), false);
        }
        return root;
    }

    /// Finds what is mounted.
    private interface Mounting {
        void addTo(List<Mounted> mounted, MountedTree tree) throws IOException;
    }

    private View view(Container container, SharedRoot.Use use, boolean withMounts, Mounting mounting)
            throws IOException {
        List<Mounted> mounted = new ArrayList<>();
        boolean opened = false;
        try {
            SafeDirectory root = SafeDirectory.of(use.root().descriptor().duplicate());
            if (withMounts) {
                mounting.addTo(mounted, MountedTree.of(root));
            }
            opened = true;
            return new View(new MountedTree(root, mounted), use, owners(container));
        } finally {
            if (!opened) {
                mounted.forEach(each -> each.place().close());
                use.close();
            }
        }
    }

    private Owners owners(Container container) {
        return Owners.of(launcher.remapping(container.definition().host()));
    }

    private void runningMounts(Container container, Run run, List<Mounted> mounted, MountedTree tree)
            throws IOException {
        for (String target : targets(container)) {
            Optional<OwnedFd> place = run.process().mountedAt(target);
            if (place.isEmpty()) {
                sources(container, run.process().root(), mounted, tree);
                return;
            }
            mounted.add(new Mounted(tree.canonical(target), place.get()));
        }
    }

    private static List<String> targets(Container container) {
        List<String> targets = new ArrayList<>(container.files().nameFiles().keySet());
        container.definition().mounts().stream().map(MountPlan::target).forEach(targets::add);
        return targets;
    }

    /// What would be mounted; a file system in memory is there with the process only.
    private void sources(Container container, SafeDirectory root, List<Mounted> mounted, MountedTree tree)
            throws IOException {
        for (Map.Entry<String, String> file : container.files().nameFiles().entrySet()) {
            if (Files.exists(Path.of(file.getValue()))) {
                mounted.add(new Mounted(tree.canonical(file.getKey()), source(file.getValue(), List.of())));
            }
        }
        Definition definition = container.definition();
        try (PreparedMounts prepared = launcher.mounts()) {
            for (Mount mount : prepared.of(definition.id(), definition.mounts(), root)) {
                String source = mount.source();
                if (source != null && "bind".equals(mount.type())) {
                    mounted.add(new Mounted(tree.canonical(mount.destination()), source(source, mount.options())));
                }
            }
        }
    }

    /// The directories above what is mounted, which the start of a container would make, too.
    private static boolean makeWay(SafeDirectory root, List<Mounted> mounted) throws KernelException {
        for (Mounted each : mounted) {
            int slash = each.target().lastIndexOf('/');
            if (slash > 0) {
                root.createDirectories(each.target().substring(0, slash), DIRECTORY_MODE);
            }
        }
        return true;
    }

    private static OwnedFd source(String path, List<String> options) throws IOException {
        OwnedFd source = Mounts.openTree(Path.of(path), options.contains("rbind"));
        if (options.contains("ro") || options.contains("rro")) {
            Mounts.makeReadOnly(source, options.contains("rro"));
        }
        return source;
    }
}
