package dev.gantry.engine;

import dev.gantry.engine.config.Resources;
import dev.gantry.engine.config.RestartPolicy;
import dev.gantry.engine.request.AttachOptions;
import dev.gantry.engine.request.CreateRequest;
import dev.gantry.engine.request.LogOptions;
import dev.gantry.engine.request.RemoveOptions;
import dev.gantry.engine.request.WaitCondition;
import dev.gantry.engine.view.ContainerSummary;
import dev.gantry.engine.view.ContainerView;
import dev.gantry.engine.view.ExplanationView;
import dev.gantry.engine.view.StatsView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The life of containers. A `ref` is a name, an ID or an unambiguous beginning of an ID.
///
/// Every method throws [EngineException]: `NotFound` for an unknown container, `Conflict` where its state forbids
/// the request, `NotModified` where it is so already.
public interface Containers {
    /// Records a container, ready to be started. Nothing is left behind when it throws.
    Created create(CreateRequest request);

    /// The system calls that would start such a container, and why each is there. Nothing is made.
    ExplanationView explain(CreateRequest request);

    /// A container in full.
    ///
    /// @param size also measures its writable layer, which walks it
    ContainerView inspect(String ref, boolean size);

    /// The containers that match, newest first.
    List<ContainerSummary> list(ListOptions options);

    /// Starts the container's process. `NotModified` when it runs; `Invalid` when its command cannot be run, with
    /// Docker's text. Nothing of the attempt remains but the exit code (126, 127 or 128) and the error in its
    /// state.
    ///
    /// @param detachKeys the keys for attaches from now on; null keeps the present ones
    void start(String ref, @Nullable String detachKeys);

    /// Asks the process to end, and kills it when it has not after the grace period. Returns when it has ended.
    ///
    /// @param signal null is the container's own stop signal
    /// @param seconds null is the container's own, -1 waits for ever
    void stop(String ref, @Nullable String signal, @Nullable Integer seconds);

    /// Stops, if it runs, and starts.
    void restart(String ref, @Nullable String signal, @Nullable Integer seconds);

    /// Sends a signal to the main process.
    ///
    /// @param signal a name with or without `SIG`, or a number; null is SIGKILL
    void kill(String ref, @Nullable String signal);

    /// Freezes every process.
    void pause(String ref);

    /// Thaws what [#pause] froze.
    void unpause(String ref);

    /// Changes limits and restart policy: those that are set in `change`, all or none.
    ///
    /// @param restart null leaves the policy as it is
    /// @return what the user is to be told
    List<String> update(String ref, Resources change, @Nullable RestartPolicy restart);

    /// Gives the container another name.
    void rename(String ref, String name);

    /// Removes the container and everything that belongs to it.
    void remove(String ref, RemoveOptions options);

    /// Registers a wait, at once: what happens after this call is not missed. Close what is not awaited.
    Waiting waitFor(String ref, WaitCondition condition);

    /// Tells the terminal of the main process its size.
    void resize(String ref, int rows, int columns);

    /// The processes of a running container.
    ///
    /// @param psArguments as for `ps`; null or empty is `-ef`
    Top top(String ref, @Nullable String psArguments);

    /// What a container uses of the host; of one that does not run there are no figures.
    ///
    /// @param previous what an earlier call has given: then this one takes a second, and tells the difference
    StatsView stats(String ref, @Nullable StatsView previous) throws InterruptedException;

    /// Joins the streams of the main process, also before it is started.
    Attachment attach(String ref, AttachOptions options);

    /// The recorded output.
    LogReader logs(String ref, LogOptions options);

    /// Removes stopped containers.
    ///
    /// @param filters `label`, `label!`, `until`
    Pruned prune(Filters filters);
}
