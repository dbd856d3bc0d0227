package dev.gantry.engine.spec;

import dev.gantry.engine.EngineOptions.UserRemapping;
import dev.gantry.engine.config.ContainerConfig;
import dev.gantry.engine.config.HostConfig;
import dev.gantry.engine.config.Resources;
import dev.gantry.oci.image.Environment;
import dev.gantry.oci.runtime.Capabilities;
import dev.gantry.oci.runtime.Linux;
import dev.gantry.oci.runtime.Mount;
import dev.gantry.oci.runtime.Namespace;
import dev.gantry.oci.runtime.Process;
import dev.gantry.oci.runtime.Resources.Pids;
import dev.gantry.oci.runtime.Root;
import dev.gantry.oci.runtime.Seccomp;
import dev.gantry.oci.runtime.Spec;
import dev.gantry.oci.runtime.User;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Writes the runtime specification of a container as Docker would.
public final class SpecBuilder {
    private static final String PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final HostFacts facts;

    public SpecBuilder(HostFacts facts) {
        this.facts = facts;
    }

    /// The specification.
    ///
    /// @throws dev.gantry.engine.EngineException.Invalid when a device is not there, or a value makes no sense
    public Spec build(LaunchInput input) {
        HostConfig host = input.host();
        List<String> capabilities = CapabilityNames.select(
                host.security().capAdd(),
                host.security().capDrop(),
                host.security().privileged(),
                facts.capabilities());
        SecurityOptions security = SecurityOptions.parse(host.security().securityOpt());
        boolean hostsName = host.namespaces().utsMode().equals("host");
        return new Spec(
                Spec.VERSION,
                process(input, capabilities, security),
                new Root("rootfs", host.storage().readonlyRootfs()),
                hostsName ? null : input.config().hostname(),
                hostsName || input.config().domainname().isEmpty()
                        ? null
                        : input.config().domainname(),
                new DefaultMounts(host).with(input.mounts(), input.files()),
                null,
                host.annotations(),
                linux(input, capabilities, security));
    }

    private Process process(LaunchInput input, List<String> capabilities, SecurityOptions security) {
        ContainerConfig config = input.config();
        HostConfig host = input.host();
        Identity user = input.user();
        return new Process(
                config.tty(),
                consoleSize(host.consoleSize()),
                new User(user.uid(), user.gid(), null, user.groups(), null),
                command(config),
                environment(config.hostname(), config.tty(), config.env(), user.home()),
                config.workingDir().isEmpty() ? "/" : config.workingDir(),
                capabilities(capabilities, user.uid() == 0),
                Ulimits.of(host.resources().ulimits(), input.ulimits()),
                security.noNewPrivileges(),
                appArmor(host, security),
                host.oomScoreAdj() == 0 ? null : host.oomScoreAdj(),
                null,
                null,
                null,
                null);
    }

    /// The entrypoint, then the command.
    public static List<String> command(ContainerConfig config) {
        var command = new ArrayList<String>();
        command.addAll(config.entrypoint() == null ? List.of() : config.entrypoint());
        command.addAll(config.cmd() == null ? List.of() : config.cmd());
        return command;
    }

    /// What another user than root has after `execve(2)` is nothing but the bounding set, so it is not given more.
    static Capabilities capabilities(List<String> names, boolean root) {
        return root ? Capabilities.of(names) : new Capabilities(names, List.of(), List.of(), List.of(), List.of());
    }

    static Process.@Nullable ConsoleSize consoleSize(List<Integer> size) {
        boolean known = size.size() == 2 && size.get(0) > 0 && size.get(1) > 0;
        return known ? new Process.ConsoleSize(size.get(0), size.get(1)) : null;
    }

    /// Docker's variables with the asked ones over them; the user's home where nobody names another one, as runc does.
    static List<String> environment(String hostname, boolean terminal, List<String> asked, String home) {
        var base = new ArrayList<>(List.of(PATH, "HOSTNAME=" + hostname));
        if (terminal) {
            base.add("TERM=xterm");
        }
        var merged = new ArrayList<>(Environment.merge(base, asked));
        merged.remove("HOME=");
        if (merged.stream().noneMatch(entry -> entry.startsWith("HOME="))) {
            merged.add("HOME=" + home);
        }
        return merged;
    }

    private @Nullable String appArmor(HostConfig host, SecurityOptions security) {
        if (facts.appArmorProfile().isEmpty() || host.security().privileged()) {
            return null;
        }
        return security.appArmor() == null ? facts.appArmorProfile() : security.appArmor();
    }

    private Linux linux(LaunchInput input, List<String> capabilities, SecurityOptions security) {
        HostConfig host = input.host();
        ResourceDevices.Selection devices =
                ResourceDevices.select(host.resources(), host.security().privileged());
        String parent = host.resources().cgroupParent();
        UserRemapping remapping = input.remapping();
        return new Linux(
                remapping == null ? List.of() : remapping.uids(),
                remapping == null ? List.of() : remapping.gids(),
                SystemControls.of(host, remapping != null),
                resources(host.resources(), devices),
                parent.isEmpty() ? null : parent + "/" + input.id(),
                namespaces(input),
                devices.devices(),
                Map.of(),
                seccomp(capabilities, host, security),
                rootPropagation(input.mounts()),
                host.security().maskedPaths() == null
                        ? Defaults.MASKED
                        : host.security().maskedPaths(),
                host.security().readonlyPaths() == null
                        ? Defaults.READONLY
                        : host.security().readonlyPaths(),
                null,
                null,
                null,
                null,
                Map.of());
    }

    private static dev.gantry.oci.runtime.Resources resources(Resources asked, ResourceDevices.Selection devices) {
        Long pids = asked.pidsLimit();
        return new dev.gantry.oci.runtime.Resources(
                devices.rules(),
                ResourceLimits.memory(asked),
                ResourceLimits.cpu(asked),
                pids == null || pids <= 0 ? null : new Pids(pids),
                ResourceLimits.blockIo(asked),
                List.of(),
                null,
                Map.of(),
                Map.of());
    }

    private @Nullable Seccomp seccomp(List<String> capabilities, HostConfig host, SecurityOptions security) {
        String asked = security.seccomp();
        if (asked == null) {
            return host.security().privileged() ? null : facts.seccomp().defaults(new LinkedHashSet<>(capabilities));
        }
        return asked.equals(SecurityOptions.UNCONFINED)
                ? null
                : SecurityOptions.resolve(asked, capabilities, facts.seccomp());
    }

    /// The root must let pass what a mount in it is to pass on: a runtime that makes all of its mounts private or
    /// slaves first, as runc does, has nothing to share otherwise.
    private static @Nullable String rootPropagation(List<Mount> mounts) {
        Set<String> options =
                mounts.stream().flatMap(mount -> mount.options().stream()).collect(Collectors.toSet());
        if (options.contains("shared") || options.contains("rshared")) {
            return "shared";
        }
        return options.contains("slave") || options.contains("rslave") ? "rslave" : null;
    }

    private static List<Namespace> namespaces(LaunchInput input) {
        var modes = input.host().namespaces();
        var namespaces = new ArrayList<Namespace>();
        namespaces.add(Namespace.fresh(Namespace.Type.MOUNT));
        add(namespaces, Namespace.Type.NETWORK, input.host().network().networkMode(), input.joined("network"));
        add(namespaces, Namespace.Type.UTS, modes.utsMode(), null);
        add(namespaces, Namespace.Type.PID, modes.pidMode(), input.joined("pid"));
        add(namespaces, Namespace.Type.IPC, modes.ipcMode(), input.joined("ipc"));
        add(namespaces, Namespace.Type.CGROUP, modes.cgroupnsMode(), null);
        if (input.remapping() != null) {
            namespaces.add(new Namespace(Namespace.Type.USER, input.joined("user")));
        }
        return namespaces;
    }

    private static void add(List<Namespace> to, Namespace.Type type, String mode, @Nullable String joined) {
        if (!mode.equals("host")) {
            to.add(new Namespace(type, joined));
        }
    }
}
