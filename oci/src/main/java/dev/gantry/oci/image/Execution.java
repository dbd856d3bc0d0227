package dev.gantry.oci.image;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gantry.oci.Absent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonSerialize;

/// The `config` object of an image: defaults for the containers made from it. Absent and empty mean the same and are
/// left out when written; Docker's `null` conventions are the API's business.
///
/// This is data of whoever made the image. Nothing in it may ever configure the engine itself (CVE-2026-53488).
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Execution(
        @JsonProperty("User") @Nullable String user,

        @JsonProperty("ExposedPorts")
        @JsonSerialize(using = ObjectSet.Writer.class)
        @JsonDeserialize(using = ObjectSet.Reader.class)
        Set<String> exposedPorts,

        @JsonProperty("Env") List<String> env,
        @JsonProperty("Entrypoint") List<String> entrypoint,
        @JsonProperty("Cmd") List<String> cmd,
        @JsonProperty("Healthcheck") @Nullable Healthcheck healthcheck,

        @JsonProperty("ArgsEscaped") @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        boolean argsEscaped,

        @JsonProperty("Volumes")
        @JsonSerialize(using = ObjectSet.Writer.class)
        @JsonDeserialize(using = ObjectSet.Reader.class)
        Set<String> volumes,

        @JsonProperty("WorkingDir") @Nullable String workingDir,
        @JsonProperty("OnBuild") List<String> onBuild,
        @JsonProperty("Labels") Map<String, String> labels,
        @JsonProperty("StopSignal") @Nullable String stopSignal,
        @JsonProperty("Shell") List<String> shell) {
    private static final Execution EMPTY = new Builder().build();

    public Execution {
        user = Absent.toNull(user);
        workingDir = Absent.toNull(workingDir);
        stopSignal = Absent.toNull(stopSignal);
        exposedPorts = Absent.toEmpty(exposedPorts);
        env = Absent.toEmpty(env);
        entrypoint = Absent.toEmpty(entrypoint);
        cmd = Absent.toEmpty(cmd);
        volumes = Absent.toEmpty(volumes);
        onBuild = Absent.toEmpty(onBuild);
        labels = Absent.toEmpty(labels);
        shell = Absent.toEmpty(shell);
    }

    /// No defaults at all.
    public static Execution empty() {
        return EMPTY;
    }

    /// A builder that starts with these values.
    public Builder toBuilder() {
        return new Builder(this);
    }

    /// Changes some of the thirteen components.
    public static final class Builder {
        private @Nullable String user;
        private Set<String> exposedPorts = Set.of();
        private List<String> env = List.of();
        private List<String> entrypoint = List.of();
        private List<String> cmd = List.of();
        private @Nullable Healthcheck healthcheck;
        private boolean argsEscaped;
        private Set<String> volumes = Set.of();
        private @Nullable String workingDir;
        private List<String> onBuild = List.of();
        private Map<String, String> labels = Map.of();
        private @Nullable String stopSignal;
        private List<String> shell = List.of();

        public Builder() {}

        private Builder(Execution from) {
            user = from.user;
            exposedPorts = from.exposedPorts;
            env = from.env;
            entrypoint = from.entrypoint;
            cmd = from.cmd;
            healthcheck = from.healthcheck;
            argsEscaped = from.argsEscaped;
            volumes = from.volumes;
            workingDir = from.workingDir;
            onBuild = from.onBuild;
            labels = from.labels;
            stopSignal = from.stopSignal;
            shell = from.shell;
        }

        public Builder user(@Nullable String value) {
            user = value;
            return this;
        }

        public Builder exposedPorts(Set<String> value) {
            exposedPorts = value;
            return this;
        }

        public Builder env(List<String> value) {
            env = value;
            return this;
        }

        public Builder entrypoint(List<String> value) {
            entrypoint = value;
            return this;
        }

        public Builder cmd(List<String> value) {
            cmd = value;
            return this;
        }

        public Builder healthcheck(@Nullable Healthcheck value) {
            healthcheck = value;
            return this;
        }

        public Builder volumes(Set<String> value) {
            volumes = value;
            return this;
        }

        public Builder workingDir(@Nullable String value) {
            workingDir = value;
            return this;
        }

        public Builder onBuild(List<String> value) {
            onBuild = value;
            return this;
        }

        public Builder labels(Map<String, String> value) {
            labels = value;
            return this;
        }

        public Builder stopSignal(@Nullable String value) {
            stopSignal = value;
            return this;
        }

        public Builder shell(List<String> value) {
            shell = value;
            return this;
        }

        public Execution build() {
            return new Execution(
                    user,
                    exposedPorts,
                    env,
                    entrypoint,
                    cmd,
                    healthcheck,
                    argsEscaped,
                    volumes,
                    workingDir,
                    onBuild,
                    labels,
                    stopSignal,
                    shell);
        }
    }
}
