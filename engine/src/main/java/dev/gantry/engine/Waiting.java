package dev.gantry.engine;

/// A registered wait.
public interface Waiting extends AutoCloseable {
    /// Parks until it happened.
    ///
    /// @throws InterruptedException when the waiting thread is interrupted; the wait stays registered until closed
    WaitResult await() throws InterruptedException;

    /// Gives the wait up. Idempotent.
    @Override
    void close();
}
