package dev.gantry.oci.runtime;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A mount in the container's root, made in the order of the list.
///
/// @param destination an absolute path inside the container
/// @param type a file system type; `bind` (or null with a `bind` option) for a bind mount
/// @param options as mount(8) writes them, plus the specification's (`rbind`, `rro`, `tmpcopyup`, …)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Mount(
        String destination,
        @Nullable String type,
        @Nullable String source,
        List<String> options,
        List<IdMapping> uidMappings,
        List<IdMapping> gidMappings) {
    public Mount {
        options = Lists.of(options);
        uidMappings = Lists.of(uidMappings);
        gidMappings = Lists.of(gidMappings);
    }

    public Mount(String destination, String type, String source, List<String> options) {
        this(destination, type, source, options, List.of(), List.of());
    }

    /// Its destination in its shortest form, as far as the words go: symbolic links are not followed.
    public String place() {
        Deque<String> names = new ArrayDeque<>();
        for (String name : destination.split("/", -1)) {
            if (name.equals("..")) {
                names.pollLast();
            } else if (!name.isEmpty() && !name.equals(".")) {
                names.add(name);
            }
        }
        return "/" + String.join("/", names);
    }

    /// Whether it shows files that are there already.
    @JsonIgnore
    public boolean isBind() {
        return "bind".equals(type) || options.contains("bind") || options.contains("rbind");
    }
}
