package dev.gantry.engine.spec;

import dev.gantry.engine.config.ContainerConfig;
import dev.gantry.engine.config.HostConfig;
import dev.gantry.engine.config.Resources.Ulimit;
import dev.gantry.oci.image.Execution;
import dev.gantry.oci.runtime.Spec;
import dev.gantry.runtime.explain.Origins;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Which flag, or what of the image, each item of a specification comes from.
///
/// A request over the API has no flags; it is told as the flags of `run` that ask for the same.
public final class SpecOrigins {
    private final ContainerConfig config;
    private final HostConfig host;
    private final Execution image;
    private final Spec spec;
    private final Map<String, String> reasons = new LinkedHashMap<>();

    /// @param config as it was asked for, without defaults, as is `host`
    /// @param spec what has become of it
    public SpecOrigins(ContainerConfig config, HostConfig host, Execution image, Spec spec) {
        this.config = config;
        this.host = host;
        this.image = image;
        this.spec = spec;
    }

    /// The reasons; what has none is a default.
    public Origins origins() {
        process();
        names();
        namespaces();
        security();
        reasons.putAll(MountOrigins.of(config, host, image, spec));
        reasons.putAll(ResourceOrigins.of(host));
        return new Origins(reasons);
    }

    private void put(String item, boolean asked, String reason) {
        if (asked) {
            reasons.put(item, reason);
        }
    }

    private void process() {
        String imagesUser = image.user() == null ? "" : image.user();
        put("process.user", !imagesUser.isEmpty(), "image USER " + imagesUser);
        put("process.user", !config.user().isEmpty(), "--user " + config.user());
        if (!host.security().groupAdd().isEmpty()) {
            String groups = flags("--group-add ", host.security().groupAdd());
            reasons.merge("process.user", groups, (user, added) -> user + " " + added);
        }
        String imagesDirectory = image.workingDir() == null ? "" : image.workingDir();
        put("process.cwd", !imagesDirectory.isEmpty(), "image WORKDIR " + imagesDirectory);
        put("process.cwd", !config.workingDir().isEmpty(), "--workdir " + config.workingDir());
        put("process.args", true, command());
        put("process.env", !image.env().isEmpty(), "image ENV");
        put("process.env", !config.env().isEmpty(), "--env");
        put("process.terminal", config.tty(), "--tty");
        put("process.oomScoreAdj", host.oomScoreAdj() != 0, "--oom-score-adj " + host.oomScoreAdj());
        for (Ulimit each : host.resources().ulimits()) {
            reasons.put(
                    "process.rlimits:RLIMIT_" + each.name().toUpperCase(Locale.ROOT),
                    "--ulimit " + each.name() + "=" + each.soft() + ":" + each.hard());
        }
        put("init", Boolean.TRUE.equals(host.init()), "--init");
    }

    private static String flags(String flag, List<String> values) {
        return flag + String.join(" " + flag, values);
    }

    /// Where the command comes from: of entrypoint and command, each may be the image's.
    private String command() {
        List<String> parts = new ArrayList<>();
        List<String> entrypoint = config.entrypoint();
        List<String> own = config.cmd();
        if (entrypoint == null && !image.entrypoint().isEmpty()) {
            parts.add("image ENTRYPOINT");
        } else if (entrypoint != null && !entrypoint.isEmpty()) {
            parts.add("--entrypoint");
        }
        if (own != null && !own.isEmpty()) {
            parts.add("command line");
        } else if (entrypoint == null && !image.cmd().isEmpty()) {
            parts.add("image CMD");
        }
        return parts.isEmpty() ? Origins.DEFAULT : String.join(", ", parts);
    }

    private void names() {
        put("root", true, "image " + config.image());
        put("root.readonly", host.storage().readonlyRootfs(), "--read-only");
        put("hostname", !config.hostname().isEmpty(), "--hostname " + config.hostname());
        put("domainname", !config.domainname().isEmpty(), "--domainname " + config.domainname());
        host.sysctls().forEach((name, value) -> reasons.put("linux.sysctl:" + name, "--sysctl " + name + "=" + value));
    }

    private void namespaces() {
        namespace("network", "--network ", host.network().networkMode());
        namespace("pid", "--pid ", host.namespaces().pidMode());
        namespace("ipc", "--ipc ", host.namespaces().ipcMode());
        namespace("uts", "--uts ", host.namespaces().utsMode());
        namespace("cgroup", "--cgroupns ", host.namespaces().cgroupnsMode());
    }

    private void namespace(String type, String flag, String mode) {
        // clients send "default" where nobody has asked
        put("linux.namespaces:" + type, !mode.isEmpty() && !mode.equals("default"), flag + mode);
    }

    private void security() {
        HostConfig.Security security = host.security();
        List<String> capabilities = new ArrayList<>();
        if (security.privileged()) {
            capabilities.add("--privileged");
            reasons.put("linux.seccomp", "--privileged");
            reasons.put("linux.maskedPaths", "--privileged");
            reasons.put("linux.readonlyPaths", "--privileged");
        }
        security.capAdd().forEach(each -> capabilities.add("--cap-add " + each));
        security.capDrop().forEach(each -> capabilities.add("--cap-drop " + each));
        put("process.capabilities", !capabilities.isEmpty(), String.join(" ", capabilities));
        security.securityOpt().forEach(this::securityOption);
    }

    private void securityOption(String option) {
        String name = option.split("[=:]", 2)[0];
        List<String> items = switch (name) {
            case "no-new-privileges" -> List.of("process.noNewPrivileges");
            case "seccomp" -> List.of("linux.seccomp");
            case "apparmor" -> List.of("process.apparmorProfile");
            default -> List.of();
        };
        // a profile is sent as its whole text
        String shown = option.startsWith("seccomp={") ? "seccomp=profile" : option;
        items.forEach(item -> reasons.put(item, "--security-opt " + shown));
    }
}
