package dev.gantry.runtime.cgroup;

import dev.gantry.runtime.refusal.UnsupportedItem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where the cgroups of a container are.
///
/// @param parent such as `/gantry`; empty for the root
/// @param name of the container's own group below it
public record CgroupPlace(String parent, String name) {

    /// As a specification says it, or for a container that says nothing; config-linux.md, "Cgroups Path".
    ///
    /// @param path a relative one is meant from the root
    /// @throws IllegalArgumentException if it is none
    public static CgroupPlace of(@Nullable String path, CgroupPlace otherwise) {
        if (path == null || path.isEmpty()) {
            return otherwise;
        }
        List<String> names = List.of(path.split("/", -1)).stream()
                .filter(each -> !each.isEmpty() && !each.equals("."))
                .toList();
        if (names.isEmpty() || names.contains("..")) {
            throw new IllegalArgumentException("want a path below the root without \"..\", got \"" + path + "\"");
        }
        if (names.size() == 1 && path.split(":", -1).length == 3) {
            throw new IllegalArgumentException(UnsupportedItem.SYSTEMD_CGROUP.words(path));
        }
        String parent = String.join("/", names.subList(0, names.size() - 1));
        return new CgroupPlace(parent.isEmpty() ? "" : "/" + parent, names.getLast());
    }

    /// What is kept of it of a container: one line, or two where the name is not the container's ID.
    public String recorded(String id) {
        return name.equals(id) ? parent : parent + "\n" + name;
    }

    /// Reads what was [#recorded].
    public static CgroupPlace read(String recorded, String id) {
        int end = recorded.indexOf('\n');
        return end < 0
                ? new CgroupPlace(recorded, id)
                : new CgroupPlace(recorded.substring(0, end), recorded.substring(end + 1));
    }
}
