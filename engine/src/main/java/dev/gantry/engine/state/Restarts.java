package dev.gantry.engine.state;

/// How often a container was started again by its policy, and whether its user has stopped it.
///
/// @param count since its user has started it the last time
/// @param stoppedByUser whether its user has stopped or killed it since then
public record Restarts(int count, boolean stoppedByUser) {
    /// As a start by the user leaves it.
    public static final Restarts NONE = new Restarts(0, false);

    /// One more.
    public Restarts again() {
        return new Restarts(count + 1, stoppedByUser);
    }

    /// The user wants it to stop.
    public Restarts stopped() {
        return new Restarts(count, true);
    }
}
