package dev.gantry.oci.runtime;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The root of a container's runtime configuration (`config.json`).
///
/// @param otherPlatforms what is there beside the others: the parts of other platforms, and extensions
/// @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.2.0/config.md">config.md</a>
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Spec(
        String ociVersion,
        @Nullable Process process,
        @Nullable Root root,
        @Nullable String hostname,
        @Nullable String domainname,
        List<Mount> mounts,
        @Nullable Hooks hooks,
        Map<String, String> annotations,
        @Nullable Linux linux,
        @JsonAnySetter @JsonAnyGetter Map<String, Object> otherPlatforms) {
    /// The version of the specification that these records follow.
    public static final String VERSION = "1.2.0";

    public Spec {
        mounts = Lists.of(mounts);
        annotations = Lists.of(annotations);
        otherPlatforms = Lists.of(otherPlatforms);
    }

    /// A configuration of a container of Linux.
    public Spec(
            String ociVersion,
            @Nullable Process process,
            @Nullable Root root,
            @Nullable String hostname,
            @Nullable String domainname,
            List<Mount> mounts,
            @Nullable Hooks hooks,
            Map<String, String> annotations,
            @Nullable Linux linux) {
        this(ociVersion, process, root, hostname, domainname, mounts, hooks, annotations, linux, Map.of());
    }

    /// The same configuration with another process.
    public Spec withProcess(Process other) {
        return new Spec(
                ociVersion, other, root, hostname, domainname, mounts, hooks, annotations, linux, otherPlatforms);
    }

    /// The same configuration, as one of another version of the specification.
    public Spec withVersion(String other) {
        return new Spec(other, process, root, hostname, domainname, mounts, hooks, annotations, linux, otherPlatforms);
    }

    /// The same configuration with another root.
    public Spec withRoot(Root other) {
        return new Spec(
                ociVersion, process, other, hostname, domainname, mounts, hooks, annotations, linux, otherPlatforms);
    }

    /// The same configuration with other mounts.
    public Spec withMounts(List<Mount> others) {
        return new Spec(
                ociVersion, process, root, hostname, domainname, others, hooks, annotations, linux, otherPlatforms);
    }

    /// The same configuration with another Linux part.
    public Spec withLinux(Linux other) {
        return new Spec(
                ociVersion, process, root, hostname, domainname, mounts, hooks, annotations, other, otherPlatforms);
    }
}
