package dev.gantry.engine.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// What `info` shows: the answer of `GET /info`, grouped; in JSON the fields stand side by side.
@JsonNaming(UpperCamelCaseStrategy.class)
public record SystemView(
        @JsonProperty("ID") String id,
        @JsonUnwrapped Counts counts,
        @JsonUnwrapped Drivers drivers,
        @JsonUnwrapped Limits limits,
        @JsonUnwrapped Host host,
        @JsonUnwrapped Daemon daemon,
        List<String> warnings,
        List<Unsupported> unsupported) {

    /// How much there is.
    @JsonNaming(UpperCamelCaseStrategy.class)
    public record Counts(
            int containers, int containersRunning, int containersPaused, int containersStopped, int images) {}

    /// What storage, logs, cgroups and networks are made with.
    @JsonNaming(UpperCamelCaseStrategy.class)
    public record Drivers(
            String driver,
            List<List<String>> driverStatus,
            String dockerRootDir,
            Plugins plugins,
            String loggingDriver,
            String cgroupDriver,
            String cgroupVersion) {}

    /// Drivers by what they drive.
    @JsonNaming(UpperCamelCaseStrategy.class)
    public record Plugins(List<String> volume, List<String> network, List<String> authorization, List<String> log) {}

    /// Which limits the host's cgroups can set.
    @JsonNaming(UpperCamelCaseStrategy.class)
    public record Limits(
            boolean memoryLimit,
            boolean swapLimit,
            boolean cpuCfsPeriod,
            boolean cpuCfsQuota,
            @JsonProperty("CPUShares") boolean cpuShares,
            @JsonProperty("CPUSet") boolean cpuSet,
            boolean pidsLimit,
            boolean oomKillDisable,
            @JsonProperty("IPv4Forwarding") boolean ipv4Forwarding) {}

    /// The machine.
    @JsonNaming(UpperCamelCaseStrategy.class)
    public record Host(
            String kernelVersion,
            String operatingSystem,
            @JsonProperty("OSVersion") String osVersion,
            @JsonProperty("OSType") String osType,
            String architecture,
            @JsonProperty("NCPU") int cpus,
            long memTotal,
            String name) {}

    /// The daemon and what it was told.
    @JsonNaming(UpperCamelCaseStrategy.class)
    public record Daemon(
            boolean debug,
            @JsonProperty("NFd") int descriptors,
            @JsonProperty("NGoroutines") int threads,
            String systemTime,
            @JsonProperty("NEventsListener") int eventsListeners,
            String indexServerAddress,
            Registry registryConfig,
            String httpProxy,
            String httpsProxy,
            String noProxy,
            List<String> labels,
            boolean experimentalBuild,
            String serverVersion,
            Map<String, RuntimeItem> runtimes,
            String defaultRuntime,
            Swarm swarm,
            boolean liveRestoreEnabled,
            @JsonInclude(Include.ALWAYS) String isolation,
            String initBinary,
            Commit containerdCommit,
            Commit runcCommit,
            Commit initCommit,
            List<String> securityOptions,
            @JsonProperty("CDISpecDirs") List<String> cdiSpecDirs) {}

    /// Registries and how they are spoken to.
    public record Registry(
            @JsonProperty("InsecureRegistryCIDRs") List<String> insecureRegistries,
            @JsonProperty("IndexConfigs") Map<String, Index> indexes,
            @JsonProperty("Mirrors") List<String> mirrors) {}

    /// A registry that names without a domain mean.
    @JsonNaming(UpperCamelCaseStrategy.class)
    public record Index(String name, List<String> mirrors, boolean secure, boolean official) {}

    /// A runtime that containers can be started with.
    public record RuntimeItem(
            @JsonProperty("path") String path,

            @JsonProperty("runtimeArgs") @JsonInclude(Include.NON_EMPTY)
            List<String> arguments) {}

    /// A version of a component; Gantry has only its own.
    public record Commit(@JsonProperty("ID") String id) {}

    /// What is refused by its name: Gantry's own part of `info`.
    ///
    /// @param asked the option, command or item of the runtime specification
    /// @param answer what whoever asks is told
    @JsonNaming(UpperCamelCaseStrategy.class)
    public record Unsupported(String asked, String answer) {}

    /// Membership in a swarm: never.
    public record Swarm(
            @JsonProperty("NodeID") String nodeId,
            @JsonProperty("NodeAddr") String nodeAddress,
            @JsonProperty("LocalNodeState") String localNodeState,
            @JsonProperty("ControlAvailable") boolean controlAvailable,
            @JsonProperty("Error") String error) {}
}
