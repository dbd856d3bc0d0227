package dev.gantry.runtime;

import dev.gantry.kernel.Poller;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Starts one container of each option set, in a process that strace(1) follows.
///
/// The arguments are a directory with `image`, and the cgroup that the containers' cgroups are made in.
final class TracedContainers {
    private TracedContainers() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        try (Poller poller = Poller.start("traced")) {
            ContainerRuntime runtime = ContainerRuntime.on(poller, options(directory, arguments[1]));
            for (OptionSet options : OptionSet.values()) {
                run(runtime, options, directory);
            }
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
