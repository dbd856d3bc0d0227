package dev.gantry.runtime.hook;

import dev.gantry.oci.runtime.Hooks;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The hooks after a container's start and after its end.
///
/// @param hooks null for none
/// @param warnings told of hooks that fail when nothing can be undone any more
public record LifecycleHooks(@Nullable Hooks hooks, StateDocument state, HookRunner runner, Consumer<String> warnings) {

    /// Runs `poststart`.
    public void started(int pid) throws IOException {
        if (hooks != null) {
            runner.run("poststart", hooks.poststart(), state.json("running", pid));
        }
    }

    /// Runs `poststop`, each whatever becomes of the others.
    public void stopped() {
        if (hooks == null) {
            return;
        }
        byte[] document = state.json("stopped", 0);
        for (Hooks.Hook hook : hooks.poststop()) {
            try {
                runner.run("poststop", List.of(hook), document);
            } catch (IOException e) {
                warnings.accept("container " + state.id() + ": " + e.getMessage());
            }
        }
    }
}
