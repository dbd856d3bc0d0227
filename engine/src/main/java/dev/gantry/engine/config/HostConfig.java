package dev.gantry.engine.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// The host's part of a container's configuration: `HostConfig` of the Docker API, whose many fields are grouped
/// here by what they decide. In JSON they stand side by side, as Docker's do.
///
/// @param autoRemove the container is removed when its process has ended
/// @param consoleSize height and width of the terminal at its start; zeros mean unknown
@JsonNaming(UpperCamelCaseStrategy.class)
@JsonInclude(Include.ALWAYS)
public record HostConfig(
        @JsonUnwrapped Storage storage,
        @JsonProperty("ContainerIDFile") String containerIdFile,
        LogConfig logConfig,
        @JsonUnwrapped Network network,
        RestartPolicy restartPolicy,
        boolean autoRemove,
        List<Integer> consoleSize,
        @JsonInclude(Include.NON_EMPTY) Map<String, String> annotations,
        @JsonUnwrapped Security security,
        @JsonUnwrapped Namespaces namespaces,
        String cgroup,
        int oomScoreAdj,
        @JsonInclude(Include.NON_EMPTY) Map<String, String> sysctls,
        String runtime,
        String isolation,
        @JsonInclude(Include.NON_NULL) @Nullable Boolean init,
        @JsonUnwrapped Resources resources) {
    public HostConfig {
        containerIdFile = Copies.text(containerIdFile);
        logConfig = logConfig == null ? LogConfig.DEFAULT : logConfig;
        restartPolicy = restartPolicy == null ? RestartPolicy.NO : restartPolicy;
        consoleSize = consoleSize == null ? List.of(0, 0) : List.copyOf(consoleSize);
        annotations = Copies.map(annotations);
        cgroup = Copies.text(cgroup);
        sysctls = Copies.map(sysctls);
        runtime = Copies.text(runtime);
        isolation = Copies.text(isolation);
    }

    /// What a container's files are made of.
    ///
    /// @param binds `source:target[:options]`, Docker's `-v`
    /// @param tmpfs options by target
    @JsonNaming(UpperCamelCaseStrategy.class)
    @JsonInclude(Include.ALWAYS)
    public record Storage(
            List<String> binds,
            @JsonInclude(Include.NON_EMPTY) List<Mount> mounts,
            @JsonInclude(Include.NON_EMPTY) Map<String, String> tmpfs,
            String volumeDriver,
            List<String> volumesFrom,
            boolean readonlyRootfs,
            long shmSize,
            @JsonInclude(Include.NON_EMPTY) Map<String, String> storageOpt) {
        public Storage {
            binds = Copies.list(binds);
            mounts = Copies.list(mounts);
            tmpfs = Copies.map(tmpfs);
            volumeDriver = Copies.text(volumeDriver);
            volumesFrom = Copies.list(volumesFrom);
            storageOpt = Copies.map(storageOpt);
        }
    }

    /// Which network a container is in, and what it is told of names.
    @JsonNaming(UpperCamelCaseStrategy.class)
    @JsonInclude(Include.ALWAYS)
    public record Network(
            String networkMode,
            Map<String, List<PortBinding>> portBindings,
            boolean publishAllPorts,
            List<String> dns,
            List<String> dnsOptions,
            List<String> dnsSearch,
            List<String> extraHosts,
            List<String> links) {
        public Network {
            networkMode = Copies.text(networkMode);
            portBindings = Copies.map(portBindings);
            dns = Copies.list(dns);
            dnsOptions = Copies.list(dnsOptions);
            dnsSearch = Copies.list(dnsSearch);
            extraHosts = Copies.list(extraHosts);
            links = Copies.list(links);
        }
    }

    /// What the processes of a container may do.
    ///
    /// @param maskedPaths null is the default list, empty masks nothing
    /// @param readonlyPaths null is the default list, empty protects nothing
    @JsonNaming(UpperCamelCaseStrategy.class)
    @JsonInclude(Include.ALWAYS)
    public record Security(
            List<String> capAdd,
            List<String> capDrop,
            List<String> groupAdd,
            boolean privileged,
            List<String> securityOpt,
            @Nullable List<String> maskedPaths,
            @Nullable List<String> readonlyPaths) {
        public Security {
            capAdd = Copies.list(capAdd);
            capDrop = Copies.list(capDrop);
            groupAdd = Copies.list(groupAdd);
            securityOpt = Copies.list(securityOpt);
            maskedPaths = Copies.listOrNull(maskedPaths);
            readonlyPaths = Copies.listOrNull(readonlyPaths);
        }
    }

    /// Which namespaces a container shares: empty is Docker's default, `host`, `container:<name|id>` and, where it
    /// makes sense, `private`, `shareable` and `none`.
    @JsonNaming(UpperCamelCaseStrategy.class)
    @JsonInclude(Include.ALWAYS)
    public record Namespaces(
            String cgroupnsMode,
            String ipcMode,
            String pidMode,
            @JsonProperty("UTSMode") String utsMode,
            String usernsMode) {
        public Namespaces {
            cgroupnsMode = Copies.text(cgroupnsMode);
            ipcMode = Copies.text(ipcMode);
            pidMode = Copies.text(pidMode);
            utsMode = Copies.text(utsMode);
            usernsMode = Copies.text(usernsMode);
        }
    }

    /// A host port that a container's port is to be reached at.
    public record PortBinding(
            @JsonProperty("HostIp") String hostIp,
            @JsonProperty("HostPort") String hostPort) {
        public PortBinding {
            hostIp = Copies.text(hostIp);
            hostPort = Copies.text(hostPort);
        }
    }
}
