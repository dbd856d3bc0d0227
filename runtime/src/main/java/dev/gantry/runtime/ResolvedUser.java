package dev.gantry.runtime;

import java.util.List;

/// A user as numbers.
///
/// @param groups the supplementary groups, without duplicates
/// @param home the home directory; `/` if the user is not in the image's passwd file
public record ResolvedUser(long uid, long gid, List<Long> groups, String home) {
    public ResolvedUser {
        groups = List.copyOf(groups);
    }
}
