package dev.gantry.engine.user;

import java.util.stream.Stream;

/// A line of `/etc/passwd`; passwd(5).
///
/// @param uid and `gid` as they stand there, perhaps out of range
/// @param home empty where the line has none
record Account(String name, long uid, long gid, String home) {
    private static final int UID = 2;
    private static final int GID = 3;
    private static final int HOME = 5;

    /// The account of a line, or none if the line is malformed: a missing number never counts as 0, which is root.
    static Stream<Account> of(String line) {
        String[] fields = line.split(":", -1);
        if (fields.length <= GID
                || fields[0].isEmpty()
                || !IdNumber.isNumber(fields[UID])
                || !IdNumber.isNumber(fields[GID])) {
            return Stream.empty();
        }
        String home = fields.length > HOME ? fields[HOME] : "";
        return Stream.of(new Account(fields[0], IdNumber.read(fields[UID]), IdNumber.read(fields[GID]), home));
    }
}
