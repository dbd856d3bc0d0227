package dev.gantry.runtime.seccomp;

import dev.gantry.oci.Json;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.runtime.Seccomp;
import dev.gantry.oci.runtime.Seccomp.Action;
import dev.gantry.oci.runtime.Seccomp.Argument;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A seccomp profile in Docker's format: OCI rules plus conditions on capabilities, architecture and kernel version.
///
/// [#resolve] evaluates the conditions and gives the plain OCI filter.
///
/// @see <a href="https://docs.docker.com/engine/security/seccomp/">Docker's documentation of the format</a>
public final class SeccompProfile {
    private static final String RESOURCE = "default-seccomp.json";

    /// What `uname -m` and Go call an architecture, and what libseccomp calls it.
    private static final Map<String, String> NAMES = Map.of(
            "amd64", "SCMP_ARCH_X86_64",
            "arm64", "SCMP_ARCH_AARCH64",
            "riscv64", "SCMP_ARCH_RISCV64",
            "s390x", "SCMP_ARCH_S390X",
            "ppc64le", "SCMP_ARCH_PPC64LE",
            "loong64", "SCMP_ARCH_LOONGARCH64");

    private final Document document;

    private SeccompProfile(Document document) {
        this.document = document;
    }

    /// The profile that containers get when none is asked for.
    public static SeccompProfile defaults() {
        return Default.PROFILE;
    }

    /// Reads a profile.
    ///
    /// @throws MalformedException if the text is not a profile
    public static SeccompProfile parse(String text) throws MalformedException {
        Document document = Json.read(text, Document.class);
        if (document.architectures() != null && document.archMap() != null) {
            throw new MalformedException(
                    "both 'architectures' and 'archMap' are specified in the seccomp profile, use either"
                            + " 'architectures' or 'archMap'");
        }
        require(document.defaultAction(), "defaultAction");
        for (Rule rule : document.rules()) {
            require(rule.action(), "syscalls: action");
            if (rule.name() != null && rule.names() != null) {
                throw new MalformedException(
                        "both 'name' and 'names' are specified in the seccomp profile, use either 'name' or 'names'");
            }
        }
        return new SeccompProfile(document);
    }

    private static void require(@Nullable Action action, String item) throws MalformedException {
        if (action == null) {
            throw new MalformedException(item + " is missing in the seccomp profile");
        }
    }

    /// The filter for a container with the given (bounding) capabilities on a host.
    ///
    /// @param capabilities names such as `CAP_SYS_ADMIN`
    /// @param architecture Go's name: `amd64`, `arm64`
    /// @param kernelRelease as `uname -r` prints it
    public Seccomp resolve(Set<String> capabilities, String architecture, String kernelRelease) {
        Host host = new Host(capabilities, architecture, KernelVersion.parse(kernelRelease));
        List<Seccomp.Syscall> rules = new ArrayList<>();
        for (Rule rule : document.rules()) {
            if (host.admits(rule)) {
                rules.add(new Seccomp.Syscall(rule.allNames(), rule.action(), rule.errnoRet(), rule.arguments()));
            }
        }
        return new Seccomp(
                document.defaultAction(),
                document.defaultErrnoRet(),
                architectures(architecture),
                document.flags() == null ? List.of() : document.flags(),
                document.listenerPath(),
                document.listenerMetadata(),
                rules);
    }

    /// The filter on this host.
    public Seccomp resolve(Set<String> capabilities) {
        String architecture = switch (System.getProperty("os.arch")) {
            case "aarch64" -> "arm64";
            case String other -> other;
        };
        return resolve(capabilities, architecture, System.getProperty("os.version"));
    }

    private List<String> architectures(String architecture) {
        if (document.architectures() != null) {
            return document.architectures();
        }
        List<String> result = new ArrayList<>();
        String name = NAMES.get(architecture);
        for (Sub entry : document.archMap() == null ? List.<Sub>of() : document.archMap()) {
            if (entry.architecture().equals(name)) {
                result.add(entry.architecture());
                result.addAll(entry.subArchitectures() == null ? List.of() : entry.subArchitectures());
            }
        }
        return result;
    }

    /// Loaded at first use.
    private static final class Default {
        static final SeccompProfile PROFILE = load();

        private static SeccompProfile load() {
            try (InputStream in = SeccompProfile.class.getResourceAsStream(RESOURCE)) {
                if (in == null) {
                    throw new AssertionError(RESOURCE + " is not in the module");
                }
                return new SeccompProfile(Json.read(in, Document.class));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private record Host(Set<String> capabilities, String architecture, KernelVersion kernel) {
        boolean admits(Rule rule) {
            Condition without = rule.excludes();
            if (without != null) {
                boolean excluded = without.arches().contains(architecture)
                        || without.caps().stream().anyMatch(capabilities::contains)
                        || (without.minKernel() != null && kernel.isAtLeast(without.minKernel()));
                if (excluded) {
                    return false;
                }
            }
            Condition with = rule.includes();
            return with == null
                    || ((with.arches().isEmpty() || with.arches().contains(architecture))
                            && capabilities.containsAll(with.caps())
                            && (with.minKernel() == null || kernel.isAtLeast(with.minKernel())));
        }
    }

    private record KernelVersion(int major, int minor) {
        static KernelVersion parse(String release) {
            String[] parts = release.split("[.-]", 3);
            try {
                return new KernelVersion(Integer.parseInt(parts[0]), parts.length > 1 ? Integer.parseInt(parts[1]) : 0);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("kernel version \"" + release + "\" is not two numbers", e);
            }
        }

        boolean isAtLeast(String version) {
            KernelVersion other = parse(version);
            return major > other.major || (major == other.major && minor >= other.minor);
        }
    }

    record Document(
            Action defaultAction,
            @Nullable Integer defaultErrnoRet,
            @Nullable List<String> architectures,
            @Nullable List<Sub> archMap,
            @Nullable List<String> flags,
            @Nullable String listenerPath,
            @Nullable String listenerMetadata,
            @Nullable List<Rule> syscalls) {
        List<Rule> rules() {
            return syscalls == null ? List.of() : syscalls;
        }
    }

    record Sub(String architecture, @Nullable List<String> subArchitectures) {}

    record Rule(
            @Nullable String name,
            @Nullable List<String> names,
            Action action,
            @Nullable Integer errnoRet,
            @Nullable List<Argument> args,
            @Nullable Condition includes,
            @Nullable Condition excludes) {
        List<String> allNames() {
            return names != null ? names : name != null ? List.of(name) : List.of();
        }

        List<Argument> arguments() {
            return args == null ? List.of() : args;
        }
    }

    record Condition(
            List<String> arches,
            List<String> caps,
            @Nullable String minKernel) {
        Condition {
            arches = arches == null ? List.of() : List.copyOf(arches);
            caps = caps == null ? List.of() : List.copyOf(caps);
        }
    }
}
