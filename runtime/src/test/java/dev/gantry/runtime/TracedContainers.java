package dev.gantry.runtime;

import dev.gantry.kernel.Memfd;
import dev.gantry.kernel.Mounts;
import dev.gantry.kernel.Poller;
import dev.gantry.runtime.network.SpareNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/// Starts one container of each option set, in a process that strace(1) follows.
///
/// The arguments are a directory with `image`, and the cgroup that the containers' cgroups are made in.
final class TracedContainers {
    private TracedContainers() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        // what the kernel is asked once is no container's call
        boolean _ = Mounts.namesLayersOneByOne();
        boolean _ = Memfd.marksExecutables();
        try (Poller poller = Poller.start("traced")) {
            SpareNetwork spare = new SpareNetwork();
            HostRuntime runtime = runtime(poller, options(directory, arguments[1]), spare);
            for (OptionSet options : OptionSet.values()) {
                if (options.possible()) {
                    awaitReady(spare);
                    run(runtime, options, directory);
                }
            }
        }
    }

    static HostRuntime runtime(Poller poller, RuntimeOptions options, SpareNetwork spare) throws IOException {
        return new HostRuntime(poller, options, UnaryOperator.identity(), Optional.of(spare));
    }

    /// A container gets another program when there is no network namespace for it yet.
    static void awaitReady(SpareNetwork spare) {
        while (!spare.isReady()) {
            LockSupport.parkNanos(100_000);
        }
    }

    static RuntimeOptions options(Path directory, String cgroupParent) {
        return new RuntimeOptions(directory.resolve("state"), cgroupParent, null, _ -> {});
    }

    static RootFileSystem root(OptionSet options, Path directory) {
        List<Path> lower = List.of(directory.resolve("image"));
        Path upper = directory.resolve("upper-" + options);
        Path work = directory.resolve("work-" + options);
        return options == OptionSet.USERS_CLOCKS_AND_SCHEDULING
                ? new RootFileSystem.MappedOverlay(lower, upper, work, OptionSet.MAPS, OptionSet.MAPS)
                : new RootFileSystem.Overlay(lower, upper, work);
    }

    private static void run(ContainerRuntime runtime, OptionSet options, Path directory) throws Exception {
        RootFileSystem root = root(options, directory);
        Files.createDirectories(directory.resolve("upper-" + options));
        Files.createDirectories(directory.resolve("work-" + options));
        var launch = new ContainerLaunch(
                options.name(),
                options.spec(),
                runtime.mount(root),
                options.openStdin(),
                options.init(),
                options.origins());
        try (RunningContainer container = runtime.start(launch)) {
            byte[] _ = container.stdout().readAllBytes();
            container.awaitExit();
            container.drained();
            container.delete();
        }
    }
}
