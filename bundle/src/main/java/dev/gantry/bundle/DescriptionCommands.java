package dev.gantry.bundle;

import dev.gantry.oci.runtime.Namespace;
import dev.gantry.oci.runtime.Seccomp;
import dev.gantry.oci.runtime.Spec;
import dev.gantry.runtime.HostCapabilities;
import dev.gantry.runtime.OciRuntime;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// spec and features: what a container may be.
final class DescriptionCommands {
    static final Command SPEC = new Command(
            new Flags.Known(Set.of("rootless"), Set.of("bundle"), Map.of("b", "bundle")), DescriptionCommands::spec);

    static final Command FEATURES =
            new Command(new Flags.Known(Set.of(), Set.of(), Map.of()), DescriptionCommands::features);

    private static final Path APPARMOR = Path.of("/sys/kernel/security/apparmor");

    /// What needs somebody who is told.

    private DescriptionCommands() {}

    private static int spec(Context context, Flags flags) throws IOException, CommandException {
        CreateCommands.refuse(flags, "rootless");
        Path file = Path.of(flags.last("bundle").orElse(".")).resolve(Bundle.CONFIGURATION);
        if (Files.exists(file)) {
            throw new CommandException("file " + file.normalize() + " exists. Remove it first");
        }
        try (InputStream template = DescriptionCommands.class.getResourceAsStream("spec.json")) {
            if (template == null) {
                throw new IllegalStateException("spec.json is not in the module");
            }
            Files.copy(template, file);
        }
        return 0;
    }

    private static int features(Context context, Flags flags) throws IOException, CommandException {
        if (!flags.operands().isEmpty()) {
            throw new CommandException("features takes no arguments");
        }
        Map<String, Object> features = new LinkedHashMap<>();
        features.put("ociVersionMin", "1.0.0");
        features.put("ociVersionMax", Spec.VERSION);
        features.put(
                "hooks",
                List.of("prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"));
        features.put("mountOptions", OciRuntime.mountOptions());
        features.put("linux", linux());
        context.out().println(StateCommands.pretty(features));
        return 0;
    }

    private static Map<String, Object> linux() throws IOException {
        Map<String, Object> linux = new LinkedHashMap<>();
        linux.put(
                "namespaces",
                Stream.of(Namespace.Type.values())
                        .map(each -> each.name().toLowerCase(Locale.ROOT))
                        .toList());
        linux.put("capabilities", HostCapabilities.read().known());
        linux.put("cgroup", Map.of("v1", true, "v2", true, "systemd", false, "systemdUser", false, "rdma", true));
        linux.put("seccomp", seccomp());
        linux.put("apparmor", Map.of("enabled", Files.isDirectory(APPARMOR)));
        linux.put("selinux", Map.of("enabled", false));
        linux.put("intelRdt", Map.of("enabled", false));
        linux.put("mountExtensions", Map.of("idmap", Map.of("enabled", true)));
        linux.put("netDevices", Map.of("enabled", false));
        return linux;
    }

    private static Map<String, Object> seccomp() {
        Map<String, Object> seccomp = new LinkedHashMap<>();
        seccomp.put("enabled", true);
        seccomp.put("actions", Seccomp.Action.values());
        seccomp.put("operators", Seccomp.Operator.values());
        seccomp.put(
                "archs",
                List.of("SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM", "SCMP_ARCH_X32", "SCMP_ARCH_X86", "SCMP_ARCH_X86_64"));
        List<String> flags = List.of(
                "SECCOMP_FILTER_FLAG_TSYNC",
                "SECCOMP_FILTER_FLAG_LOG",
                "SECCOMP_FILTER_FLAG_SPEC_ALLOW",
                "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV");
        seccomp.put("knownFlags", flags);
        seccomp.put("supportedFlags", flags);
        return seccomp;
    }
}
