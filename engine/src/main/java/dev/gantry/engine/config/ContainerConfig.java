package dev.gantry.engine.config;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonFormat.Feature;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.annotation.JsonSerialize;

/// The portable part of a container's configuration: `ContainerConfig` of the Docker API, also the `Config` of
/// inspect.
///
/// @param env `NAME=value`; a name alone removes that variable of the image
/// @param cmd null takes the image's, unless an entrypoint is given
/// @param entrypoint null takes the image's; one empty string clears it
/// @param stopTimeout seconds; null is the daemon's default of 10
@JsonNaming(UpperCamelCaseStrategy.class)
@JsonInclude(Include.ALWAYS)
public record ContainerConfig(
        String hostname,
        String domainname,
        String user,
        boolean attachStdin,
        boolean attachStdout,
        boolean attachStderr,
        @JsonInclude(Include.NON_EMPTY) Map<String, Map<String, String>> exposedPorts,
        boolean tty,
        boolean openStdin,
        boolean stdinOnce,
        @JsonSerialize(using = EmptyAsNull.class) List<String> env,

        @JsonFormat(with = Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) @Nullable
        List<String> cmd,

        @JsonInclude(Include.NON_NULL) @Nullable Healthcheck healthcheck,
        @JsonInclude(Include.NON_NULL) @Nullable Boolean argsEscaped,
        String image,
        @JsonSerialize(using = EmptyAsNull.class) Map<String, Map<String, String>> volumes,
        String workingDir,

        @JsonFormat(with = Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) @Nullable
        List<String> entrypoint,

        @JsonInclude(Include.NON_NULL) @Nullable Boolean networkDisabled,
        @JsonInclude(Include.NON_NULL) @Nullable String macAddress,
        @JsonSerialize(using = EmptyAsNull.class) List<String> onBuild,
        Map<String, String> labels,
        @JsonInclude(Include.NON_NULL) @Nullable String stopSignal,
        @JsonInclude(Include.NON_NULL) @Nullable Integer stopTimeout,
        @JsonInclude(Include.NON_NULL) @Nullable List<String> shell) {
    public ContainerConfig {
        hostname = Copies.text(hostname);
        domainname = Copies.text(domainname);
        user = Copies.text(user);
        exposedPorts = Copies.map(exposedPorts);
        env = Copies.list(env);
        cmd = Copies.listOrNull(cmd);
        image = Copies.text(image);
        volumes = Copies.map(volumes);
        workingDir = Copies.text(workingDir);
        entrypoint = Copies.listOrNull(entrypoint);
        onBuild = Copies.list(onBuild);
        labels = Copies.map(labels);
        shell = Copies.listOrNull(shell);
    }

    /// The same configuration with the names of another container.
    public ContainerConfig withNamesOf(ContainerConfig other) {
        return new ContainerConfig(
                other.hostname,
                other.domainname,
                user,
                attachStdin,
                attachStdout,
                attachStderr,
                exposedPorts,
                tty,
                openStdin,
                stdinOnce,
                env,
                cmd,
                healthcheck,
                argsEscaped,
                image,
                volumes,
                workingDir,
                entrypoint,
                networkDisabled,
                macAddress,
                onBuild,
                labels,
                stopSignal,
                stopTimeout,
                shell);
    }
}
