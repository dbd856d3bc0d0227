package dev.gantry.daemon;

import org.jspecify.annotations.Nullable;

/// One line of the table of flags: its names, what it takes, and what comes of it.
///
/// @param name the long flag, without dashes
/// @param letter the short flag, or 0
/// @param key in daemon.json; null where only the command line has it
/// @param note what users are told: help for a flag that works, the reason for one that does not
record Option(String name, char letter, Kind kind, @Nullable String key, Effect effect, String note) {
    /// What a flag takes.
    enum Kind {
        /// Nothing, or `=true`, `=false`.
        SWITCH,
        /// A text; the last one counts.
        TEXT,
        /// A text each time it is given.
        LIST
    }

    /// What comes of a flag.
    enum Effect {
        /// It works.
        USED,
        /// It is accepted with a warning: nothing would be different, or what it is about does not exist yet.
        IGNORED,
        /// It is refused, because users would rely on it.
        REFUSED
    }
}
