package dev.gantry.engine.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gantry.engine.config.ContainerConfig;
import dev.gantry.engine.config.EndpointSettings;
import dev.gantry.engine.config.HostConfig;
import dev.gantry.engine.config.HostConfig.PortBinding;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// A container as inspect shows it. Times are RFC 3339 with nanoseconds; `0001-01-01T00:00:00Z` is "never".
@JsonNaming(UpperCamelCaseStrategy.class)
@JsonInclude(Include.ALWAYS)
public record ContainerView(
        String id,
        String created,
        String path,
        List<String> args,
        State state,
        String image,
        String resolvConfPath,
        String hostnamePath,
        String hostsPath,
        String logPath,
        String name,
        int restartCount,
        String driver,
        String platform,
        String mountLabel,
        String processLabel,
        String appArmorProfile,
        @JsonProperty("ExecIDs") @Nullable List<String> execIds,
        HostConfig hostConfig,
        GraphDriver graphDriver,
        @JsonInclude(Include.NON_NULL) @Nullable Long sizeRw,
        @JsonInclude(Include.NON_NULL) @Nullable Long sizeRootFs,
        List<MountPoint> mounts,
        ContainerConfig config,
        NetworkSettings networkSettings) {

    /// What the container does at the moment, or how it ended.
    @JsonNaming(UpperCamelCaseStrategy.class)
    @JsonInclude(Include.ALWAYS)
    public record State(
            String status,
            boolean running,
            boolean paused,
            boolean restarting,
            @JsonProperty("OOMKilled") boolean oomKilled,
            boolean dead,
            int pid,
            int exitCode,
            String error,
            String startedAt,
            String finishedAt,
            @JsonInclude(Include.NON_NULL) @Nullable Health health) {}

    /// What the health checks say.
    @JsonNaming(UpperCamelCaseStrategy.class)
    @JsonInclude(Include.ALWAYS)
    public record Health(String status, int failingStreak, List<HealthResult> log) {}

    /// One health check.
    @JsonNaming(UpperCamelCaseStrategy.class)
    @JsonInclude(Include.ALWAYS)
    public record HealthResult(String start, String end, int exitCode, String output) {}

    /// Where the root file system's layers are.
    @JsonNaming(UpperCamelCaseStrategy.class)
    public record GraphDriver(Map<String, String> data, String name) {}

    /// Networks and ports, in the shape that old and new clients look for.
    @JsonNaming(UpperCamelCaseStrategy.class)
    @JsonInclude(Include.ALWAYS)
    public record NetworkSettings(
            String bridge,
            @JsonProperty("SandboxID") String sandboxId,
            String sandboxKey,
            Map<String, List<PortBinding>> ports,
            boolean hairpinMode,
            String linkLocalIPv6Address,
            int linkLocalIPv6PrefixLen,
            @JsonProperty("EndpointID") String endpointId,
            String gateway,
            String globalIPv6Address,
            int globalIPv6PrefixLen,
            @JsonProperty("IPAddress") String ipAddress,
            @JsonProperty("IPPrefixLen") int ipPrefixLen,
            @JsonProperty("IPv6Gateway") String ipv6Gateway,
            String macAddress,
            Map<String, EndpointSettings> networks) {
        /// Settings without any address.
        public static NetworkSettings unaddressed(
                String sandboxId, String sandboxKey, Map<String, EndpointSettings> networks) {
            return new NetworkSettings(
                    "", sandboxId, sandboxKey, Map.of(), false, "", 0, "", "", "", 0, "", 0, "", "", networks);
        }
    }
}
