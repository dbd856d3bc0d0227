package dev.gantry.engine.user;

import java.util.List;
import java.util.stream.Stream;

/// A line of `/etc/group`; group(5).
///
/// @param gid as it stands there, perhaps out of range
record Group(String name, long gid, List<String> members) {
    private static final int GID = 2;
    private static final int MEMBERS = 3;

    /// The group of a line, or none if the line is malformed.
    static Stream<Group> of(String line) {
        String[] fields = line.split(":", -1);
        if (fields.length <= GID || fields[0].isEmpty() || !IdNumber.isNumber(fields[GID])) {
            return Stream.empty();
        }
        List<String> members = fields.length > MEMBERS ? List.of(fields[MEMBERS].split(",", -1)) : List.of();
        return Stream.of(new Group(fields[0], IdNumber.read(fields[GID]), members));
    }
}
