package dev.gantry.bundle;

import dev.gantry.kernel.Poller;
import dev.gantry.runtime.ContainerLaunch;
import dev.gantry.runtime.OciRuntime;
import dev.gantry.runtime.RuntimeOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.Function;

/// What a command works with.
///
/// @param root where the state of containers is
record Context(Path root, PrintStream out, Log log) {

    /// What is done with a runtime.
    interface Use<T> {
        T with(OciRuntime runtime) throws IOException, CommandException;
    }

    <T> T runtime(Use<T> use) throws IOException, CommandException {
        return runtime(this::recordedBundle, use);
    }

    /// A runtime for a container whose bundle is recorded only when it has been made.
    <T> T creating(Bundle bundle, Use<T> use) throws IOException, CommandException {
        return runtime(_ -> bundle.directory(), use);
    }

    private <T> T runtime(Function<String, Path> bundles, Use<T> use) throws IOException, CommandException {
        try (Poller poller = Poller.start("runtime")) {
            return use.with(OciRuntime.on(
                    poller,
                    new RuntimeOptions(root, RuntimeOptions.DEFAULT_CGROUP_PARENT, null, log::warning),
                    bundles));
        }
    }

    private Path recordedBundle(String id) {
        try {
            return BundleRecord.read(state(id))
                    .map(each -> Path.of(each.bundle()))
                    .orElse(state(id));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A word that can be a container's ID.
    ///
    /// @throws CommandException if it cannot be one: as the name of a directory it may lead anywhere
    static String checked(String id) throws CommandException {
        if (!ContainerLaunch.isId(id)) {
            throw new CommandException("invalid container ID format: " + id);
        }
        return id;
    }

    /// The directory of a container's state.
    ///
    /// @param id [#checked(String)]
    Path state(String id) {
        return root.resolve(id);
    }

    /// What is kept of a container.
    BundleRecord kept(String id) throws IOException, CommandException {
        return BundleRecord.read(state(checked(id)))
                .orElseThrow(() -> new CommandException("container does not exist"));
    }
}
