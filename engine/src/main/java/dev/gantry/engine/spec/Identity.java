package dev.gantry.engine.spec;

import java.util.List;

/// Whom a process runs as, in numbers.
///
/// @param home its home directory; `/` if the root's passwd file does not say
public record Identity(long uid, long gid, List<Long> groups, String home) {
    public Identity {
        groups = List.copyOf(groups);
    }
}
