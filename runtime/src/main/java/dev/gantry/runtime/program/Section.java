package dev.gantry.runtime.program;

/// Where the code of an instruction lies in memory.
public enum Section {
    /// The launch itself: mapped until the supervisor has taken over.
    LAUNCH,
    /// What goes on running while the container does: kept in pages of its own, so that [the rest can be
    /// unmapped][ProgramBuilder#releaseLaunchPages].
    RESIDENT
}
