package dev.gantry.oci.runtime;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The user that a process runs as. Numbers are those inside the container; each is a `uint32`, but not the last one,
/// which leaves the user as it is in setresuid(2).
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record User(
        long uid,
        long gid,
        @Nullable Integer umask,
        List<Long> additionalGids,
        @Nullable String username) {
    public static final long LAST_ID = 0xFFFF_FFFEL;

    public static final User ROOT = new User(0, 0, null, List.of(), null);

    public User {
        additionalGids = Lists.of(additionalGids);
        check(uid);
        check(gid);
        additionalGids.forEach(User::check);
    }

    /// Whether a number is the ID of a user or a group.
    public static boolean isId(long number) {
        return number >= 0 && number <= LAST_ID;
    }

    private static void check(long id) {
        if (!isId(id)) {
            throw new IllegalArgumentException("user or group ID " + id + " is none: it is outside of 0 to " + LAST_ID);
        }
    }
}
