package dev.gantry.daemon;

import dev.gantry.engine.EngineOptions.UserRemapping;
import dev.gantry.oci.runtime.IdMapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// The ranges that `/etc/subuid` and `/etc/subgid` give to a user and to a group, subuid(5): `name:first:count`.
record SubordinateIds(List<String> users, List<String> groups) {
    private static final String DEFAULT_NAME = "dockremap";
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,10}");
    private static final long LAST = 0xFFFF_FFFFL;

    /// What `--userns-remap` asks for on this host.
    static UserRemapping ofHost(String asked) throws UsageException {
        try {
            return new SubordinateIds(
                            Files.readAllLines(Path.of("/etc/subuid")), Files.readAllLines(Path.of("/etc/subgid")))
                    .remapping(asked);
        } catch (IOException e) {
            throw new UsageException("--userns-remap " + asked + ": " + e.getMessage() + " is not there");
        }
    }

    /// The ranges of `default`, `user` or `user:group`.
    UserRemapping remapping(String asked) throws UsageException {
        String[] names = asked.split(":", 2);
        String user = names[0].equals("default") ? DEFAULT_NAME : names[0];
        String group = names.length < 2 ? user : names[1];
        return new UserRemapping(
                ranges(asked, users, user, "/etc/subuid"), ranges(asked, groups, group, "/etc/subgid"));
    }

    /// One after the other, from the container's 0 on.
    private static List<IdMapping> ranges(String asked, List<String> lines, String name, String file)
            throws UsageException {
        List<IdMapping> ranges = new ArrayList<>();
        long next = 0;
        for (String line : lines) {
            String[] parts = line.strip().split(":", -1);
            if (parts.length == 3 && parts[0].equals(name)) {
                IdMapping range = range(next, line, parts[1], parts[2], file);
                ranges.add(range);
                next += range.size();
            }
        }
        if (ranges.isEmpty()) {
            throw new UsageException("--userns-remap " + asked + ": " + file + " has no range for \"" + name
                    + "\", such as " + name + ":100000:65536");
        }
        return ranges;
    }

    private static IdMapping range(long next, String line, String first, String count, String file)
            throws UsageException {
        boolean numbers =
                NUMBER.matcher(first).matches() && NUMBER.matcher(count).matches();
        // root of the host stays out of every container
        if (!numbers
                || Long.parseLong(first) == 0
                || Long.parseLong(count) == 0
                || Long.parseLong(first) + Long.parseLong(count) - 1 > LAST) {
            throw new UsageException(file + ": line \"" + line + "\" is no range of IDs");
        }
        return new IdMapping(next, Long.parseLong(first), Long.parseLong(count));
    }
}
