package dev.gantry.engine.request;

/// How a container is removed.
///
/// @param force kills it first if it runs
/// @param volumes also its anonymous volumes
/// @param link removes a legacy link in place of the container
public record RemoveOptions(boolean force, boolean volumes, boolean link) {
    /// Only a stopped container, and not its volumes.
    public static final RemoveOptions PLAIN = new RemoveOptions(false, false, false);

    /// Only a stopped container, with the volumes that nobody has named.
    public static final RemoveOptions WITH_VOLUMES = new RemoveOptions(false, true, false);

    /// Whatever its state, with everything.
    public static final RemoveOptions FORCED = new RemoveOptions(true, true, false);
}
