package dev.gantry.registry;

/// Hears how far an upload is. Called from the thread that sends, so it must not block.
@FunctionalInterface
public interface ProgressListener {
    /// Some more has been sent.
    ///
    /// @param sent bytes so far; less than before when an upload begins anew
    void sent(long sent);
}
