package dev.gantry.engine;

/// Which containers are listed.
///
/// @param all also those that do not run
/// @param limit the newest so many, in any state; zero or less is all
/// @param size also measures writable layers
public record ListOptions(boolean all, int limit, boolean size, Filters filters) {
    /// The running ones.
    public static final ListOptions RUNNING = new ListOptions(false, 0, false, Filters.NONE);

    /// All of them.
    public static final ListOptions ALL = new ListOptions(true, 0, false, Filters.NONE);
}
