package dev.gantry.engine.spec;

import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.engine.EngineException.Unsupported;
import dev.gantry.engine.EngineOptions.Runtimes;
import dev.gantry.engine.config.ContainerConfig;
import dev.gantry.engine.config.HostConfig;
import dev.gantry.engine.config.NetworkingConfig;
import dev.gantry.engine.config.RestartPolicy;
import dev.gantry.engine.refusal.UnsupportedFeature;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Judges a request whose defaults are filled in. What Gantry does not do is refused, or recorded with a warning where
/// the container works without it.
public final class Validation {
    private final HostFacts facts;
    private final boolean remapped;
    private final Runtimes runtimes;

    public Validation(HostFacts facts) {
        this(facts, false, Runtimes.NO_OTHER);
    }

    /// Judges for a daemon that may remap users, and have other runtimes make containers.
    ///
    /// @param remapped whether containers have user namespaces unless they say otherwise
    public Validation(HostFacts facts, boolean remapped, Runtimes runtimes) {
        this.facts = facts;
        this.remapped = remapped;
        this.runtimes = runtimes;
    }

    /// Warnings for the create response.
    ///
    /// @throws Invalid with Docker's text
    /// @throws Unsupported in one sentence
    public List<String> check(ContainerConfig config, HostConfig host, @Nullable NetworkingConfig networking) {
        var warnings = new ArrayList<String>();
        checkConfig(config);
        checkNetwork(config, host, networking, warnings);
        checkNamespaces(host);
        if (remapped && !host.namespaces().usernsMode().equals("host")) {
            checkRemapped(host);
        }
        checkRestart(host);
        checkSecurity(host);
        checkRuntime(host);
        new ResourceLimits(facts).check(host, warnings);
        ResourceLimits.warnOfWeights(host.resources(), warnings);
        return warnings;
    }

    /// Refuses what is asked for although other containers, or the host, have it already.
    ///
    /// @param config as it is asked for: what the image says conflicts with nothing
    public static void checkConflicts(ContainerConfig config, HostConfig host) {
        boolean named = !config.hostname().isEmpty();
        conflict(named && host.namespaces().utsMode().equals("host"), "hostname and the UTS mode");
        var network = host.network();
        if (network.networkMode().startsWith("container:")) {
            conflict(named, "hostname and the network mode");
            conflict(!network.dns().isEmpty(), "dns and the network mode");
            conflict(!network.extraHosts().isEmpty(), "custom host-to-IP mapping and the network mode");
            conflict(!config.exposedPorts().isEmpty(), "port exposing and the container type network mode");
        }
    }

    private static void conflict(boolean asked, String options) {
        if (asked) {
            throw new Invalid("conflicting options: " + options);
        }
    }

    /// The same for limits that have been changed.
    public List<String> checkUpdate(HostConfig host) {
        var warnings = new ArrayList<String>();
        checkRestart(host);
        new ResourceLimits(facts).check(host, warnings);
        return warnings;
    }

    private static void checkConfig(ContainerConfig config) {
        if (!config.workingDir().isEmpty() && !config.workingDir().startsWith("/")) {
            throw new Invalid(
                    "the working directory '" + config.workingDir() + "' is invalid, it needs to be an absolute path");
        }
        if (config.hostname().length() > 63 || !config.hostname().matches("[A-Za-z0-9_.-]*")) {
            throw new Invalid("invalid hostname format: " + config.hostname());
        }
        int command = (config.entrypoint() == null ? 0 : config.entrypoint().size())
                + (config.cmd() == null ? 0 : config.cmd().size());
        if (command == 0) {
            throw new Invalid("no command specified");
        }
    }

    private static void checkNetwork(
            ContainerConfig config, HostConfig host, @Nullable NetworkingConfig networking, List<String> warnings) {
        var network = host.network();
        boolean published = network.portBindings().values().stream().anyMatch(list -> list != null && !list.isEmpty());
        if (published || network.publishAllPorts()) {
            throw UnsupportedFeature.PUBLISHED_PORTS.refused();
        }
        if (!network.links().isEmpty()) {
            throw UnsupportedFeature.LINKS.refused();
        }
        boolean asked = networking != null
                && networking.endpoints().keySet().stream()
                        .anyMatch(name ->
                                !Set.of("default", "bridge", "none", "host").contains(name));
        String mode = network.networkMode();
        if (mode.equals("container:")) {
            throw new Invalid("invalid network mode: invalid container format container:<name|id>");
        }
        boolean known = Set.of("none", "host", "bridge").contains(mode) || mode.startsWith("container:");
        if (asked || !known) {
            throw UnsupportedFeature.USER_NETWORKS.refused();
        }
        if (mode.equals("bridge") && !Boolean.TRUE.equals(config.networkDisabled())) {
            warnings.add("The default network of this Gantry has a loopback interface only:"
                    + " use --network host to reach other machines.");
        }
        if (network.extraHosts().stream().anyMatch(entry -> entry.endsWith("host-gateway"))) {
            throw UnsupportedFeature.HOST_GATEWAY.refused();
        }
        network.extraHosts().forEach(ExtraHosts::check);
    }

    private static void checkNamespaces(HostConfig host) {
        var modes = host.namespaces();
        if (!modes.pidMode().isEmpty() && !modes.pidMode().equals("host") && !isContainer(modes.pidMode())) {
            throw new Invalid("invalid PID mode: " + modes.pidMode());
        } else if (!Set.of("none", "private", "shareable", "host").contains(modes.ipcMode())
                && !isContainer(modes.ipcMode())) {
            throw new Invalid("invalid IPC mode: " + modes.ipcMode());
        } else if (!modes.utsMode().isEmpty() && !modes.utsMode().equals("host")) {
            throw new Invalid("invalid UTS mode: " + modes.utsMode());
        } else if (!Set.of("private", "host").contains(modes.cgroupnsMode())) {
            throw new Invalid("invalid cgroup namespace mode: " + modes.cgroupnsMode());
        } else if (!modes.usernsMode().isEmpty() && !modes.usernsMode().equals("host")) {
            throw new Invalid("invalid userns mode: " + modes.usernsMode());
        }
    }

    /// What belongs to the host's user namespace is out of reach in another.
    private static void checkRemapped(HostConfig host) {
        if (host.security().privileged()) {
            throw new Invalid("privileged mode is incompatible with user namespaces.  You must run the container in the"
                    + " host namespace when running privileged mode");
        } else if (host.network().networkMode().equals("host")) {
            throw new Invalid("cannot share the host's network namespace when user namespaces are enabled");
        } else if (host.namespaces().pidMode().equals("host")) {
            throw new Invalid("cannot share the host PID namespace when user namespaces are enabled");
        }
    }

    /// Whether a mode is `container:<something>`.
    static boolean isContainer(String mode) {
        return mode.startsWith("container:") && mode.length() > "container:".length();
    }

    private static void checkRestart(HostConfig host) {
        RestartPolicy policy = host.restartPolicy();
        switch (policy.name()) {
            case "", "no", "always", "unless-stopped" -> {
                if (policy.maximumRetryCount() > 0) {
                    throw new Invalid("invalid restart policy: maximum retry count can only be used with 'on-failure'");
                }
            }
            case "on-failure" -> {
                if (policy.maximumRetryCount() < 0) {
                    throw new Invalid("invalid restart policy: maximum retry count cannot be negative");
                }
            }
            default ->
                throw new Invalid("invalid restart policy: unknown policy '" + policy.name()
                        + "'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'");
        }
        if (policy.restarts() && host.autoRemove()) {
            throw new Invalid("can't create 'AutoRemove' container with restart policy");
        }
    }

    private void checkSecurity(HostConfig host) {
        var security = host.security();
        String profile = SecurityOptions.parse(security.securityOpt()).seccomp();
        List<String> capabilities =
                CapabilityNames.select(security.capAdd(), security.capDrop(), false, facts.capabilities());
        if (profile != null && !profile.equals(SecurityOptions.UNCONFINED)) {
            SecurityOptions.resolve(profile, capabilities, facts.seccomp());
        }
        if (host.oomScoreAdj() < -1000 || host.oomScoreAdj() > 1000) {
            throw new Invalid("Invalid value " + host.oomScoreAdj() + ", range for oom score adj is [-1000, 1000]");
        }
        SystemControls.check(host);
    }

    private void checkRuntime(HostConfig host) {
        if (!runtimes.contains(host.runtime())) {
            throw new Invalid("unknown or invalid runtime name: " + host.runtime());
        }
        if (!host.isolation().isEmpty() && !host.isolation().equals("default")) {
            throw new Invalid("invalid isolation '" + host.isolation() + "' on linux");
        }
        if (!host.resources().deviceRequests().isEmpty()) {
            throw UnsupportedFeature.DEVICE_REQUESTS.refused();
        }
        if (!host.storage().storageOpt().isEmpty()) {
            throw UnsupportedFeature.STORAGE_OPTIONS.refused();
        }
    }
}
