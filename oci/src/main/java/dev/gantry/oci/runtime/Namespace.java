package dev.gantry.oci.runtime;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/// A namespace that the container does not share with the host. A type that is not listed is the host's.
///
/// @param path the file of an existing namespace to join; null for a new one
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Namespace(Type type, @Nullable String path) {
    /// A new namespace.
    public static Namespace fresh(Type type) {
        return new Namespace(type, null);
    }

    /// The kinds of namespaces, see namespaces(7).
    public enum Type {
        @JsonProperty("mount")
        MOUNT,
        @JsonProperty("pid")
        PID,
        @JsonProperty("network")
        NETWORK,
        @JsonProperty("uts")
        UTS,
        @JsonProperty("ipc")
        IPC,
        @JsonProperty("user")
        USER,
        @JsonProperty("cgroup")
        CGROUP,
        @JsonProperty("time")
        TIME
    }
}
