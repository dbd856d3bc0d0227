package dev.gantry.runtime;

import dev.gantry.oci.Json;
import dev.gantry.oci.runtime.Capabilities;
import dev.gantry.oci.runtime.Device;
import dev.gantry.oci.runtime.IdMapping;
import dev.gantry.oci.runtime.IoPriority;
import dev.gantry.oci.runtime.Linux;
import dev.gantry.oci.runtime.Mount;
import dev.gantry.oci.runtime.Namespace;
import dev.gantry.oci.runtime.Process;
import dev.gantry.oci.runtime.Resources;
import dev.gantry.oci.runtime.Rlimit;
import dev.gantry.oci.runtime.Root;
import dev.gantry.oci.runtime.Scheduler;
import dev.gantry.oci.runtime.Seccomp;
import dev.gantry.oci.runtime.Spec;
import dev.gantry.oci.runtime.User;
import dev.gantry.runtime.explain.Origins;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Containers whose options differ in what their launch programs do.
enum OptionSet {
    DEFAULT,
    READ_ONLY_WITH_TMPFS,
    USER_WITH_CAPABILITIES,
    BINDS_SYSCTL_AND_HOST_NAME,
    TERMINAL_WITH_INIT,
    TERMINAL_OF_THE_HOST,
    HOST_NAMESPACES,
    JOINED_PID_NAMESPACE,
    USERS_CLOCKS_AND_SCHEDULING;

    static final List<IdMapping> MAPS = List.of(new IdMapping(0, 100_000, 65_536));

    private static final Resources LIMITS = new Resources(
            List.of(),
            new Resources.Memory(64L << 20, null, null, null, null, null, null, null, null),
            null,
            new Resources.Pids(100),
            null,
            List.of(),
            null,
            Map.of(),
            Map.of());

    /// Whether this kernel can: Linux 6.1, for one, shows no layers of an overlay with other owners.
    boolean possible() {
        String[] release = System.getProperty("os.version").split("[.-]", -1);
        int version = Integer.parseInt(release[0]) * 1000 + Integer.parseInt(release[1]);
        return this != USERS_CLOCKS_AND_SCHEDULING || version >= 6018;
    }

    boolean init() {
        return this == TERMINAL_WITH_INIT;
    }

    boolean openStdin() {
        return this != USER_WITH_CAPABILITIES;
    }

    Origins origins() {
        return new Origins(Map.of("process.user", "--user 1000", "mounts:/tmp", "--tmpfs /tmp"));
    }

    /// A specification whose command ends at once.
    Spec spec() {
        try (var stream = OptionSet.class.getResourceAsStream("default-spec.json")) {
            return change(Json.read(stream.readAllBytes(), Spec.class));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Spec change(Spec spec) throws IOException {
        return switch (this) {
            case DEFAULT -> spec;
            case READ_ONLY_WITH_TMPFS ->
                withMount(spec, new Mount("/tmp", "tmpfs", "tmpfs", List.of("noexec", "size=1m")))
                        .withRoot(new Root("rootfs", true));
            case USER_WITH_CAPABILITIES -> withUser(spec);
            case BINDS_SYSCTL_AND_HOST_NAME -> withBinds(spec);
            case TERMINAL_WITH_INIT -> spec.withProcess(process(spec, true, User.ROOT, null, false));
            case TERMINAL_OF_THE_HOST ->
                withHostsDevices(spec.withProcess(process(spec, true, User.ROOT, null, false)));
            case HOST_NAMESPACES -> privileged(spec);
            case JOINED_PID_NAMESPACE ->
                withNamespaces(
                        spec,
                        List.of(
                                Namespace.fresh(Namespace.Type.MOUNT),
                                Namespace.fresh(Namespace.Type.UTS),
                                new Namespace(Namespace.Type.PID, "/proc/self/ns/pid")));
            case USERS_CLOCKS_AND_SCHEDULING -> scheduled(mapped(spec));
        };
    }

    private static Spec withHostsDevices(Spec spec) {
        List<Mount> others = spec.mounts().stream()
                .filter(each -> !String.valueOf(each.place()).startsWith("/dev"))
                .toList();
        return withMount(spec.withMounts(others), new Mount("/dev", "bind", "/dev", List.of("rbind", "rprivate")));
    }

    private static Spec mapped(Spec spec) {
        Linux linux = spec.linux();
        List<Namespace> namespaces = new ArrayList<>(linux.namespaces());
        namespaces.add(Namespace.fresh(Namespace.Type.USER));
        namespaces.add(Namespace.fresh(Namespace.Type.TIME));
        return spec.withLinux(new Linux(
                MAPS,
                MAPS,
                Map.of(),
                LIMITS,
                null,
                namespaces,
                List.of(
                        new Device("/dev/loops/loop7", "b", 7L, 7L, 0640, 0L, 6L),
                        new Device("/srv/devices/null", "c", 1L, 3L, 0640, 0L, 6L)),
                Map.of(),
                null,
                "private",
                linux.maskedPaths(),
                linux.readonlyPaths(),
                null,
                null,
                new Linux.MemoryPolicy("MPOL_BIND", "0", List.of("MPOL_F_STATIC_NODES")),
                new Linux.Personality("LINUX32", List.of()),
                Map.of("monotonic", new Linux.TimeOffset(5, 0))));
    }

    private static Spec scheduled(Spec spec) {
        Process from = process(spec, false, new User(7, 8, null, List.of(9L), null), null, false);
        return spec.withProcess(new Process(
                false,
                null,
                from.user(),
                from.args(),
                from.env(),
                from.cwd(),
                from.capabilities(),
                from.rlimits(),
                false,
                null,
                500,
                new Scheduler("SCHED_BATCH", 5, null, List.of("SCHED_FLAG_RESET_ON_FORK"), null, null, null),
                null,
                new IoPriority("IOPRIO_CLASS_BE", 6),
                null));
    }

    private static Spec withUser(Spec spec) {
        Linux linux = spec.linux();
        return withProcessOfUser(spec.withLinux(linux(linux, Map.of(), linux.namespaces(), List.of(), filter())));
    }

    private static Seccomp filter() {
        var reboot = new Seccomp.Syscall(List.of("reboot"), Seccomp.Action.SCMP_ACT_ERRNO, null, List.of());
        return new Seccomp(Seccomp.Action.SCMP_ACT_ALLOW, null, List.of(), List.of(), null, null, List.of(reboot));
    }

    private static Spec withProcessOfUser(Spec spec) {
        var few = List.of("CAP_NET_RAW", "CAP_KILL");
        return spec.withProcess(process(
                spec,
                false,
                new User(1000, 1001, 0027, List.of(1002L, 1003L), null),
                new Capabilities(few, few, few, few, few),
                true));
    }

    private static Spec withBinds(Spec spec) {
        Spec bound = withMount(
                withMount(spec, new Mount("/mnt/tmp", "bind", "/tmp", List.of("rbind", "ro", "rprivate"))),
                new Mount("/etc/a \"name\"", null, "/etc/hostname", List.of("bind", "nosuid", "noatime")));
        Linux linux = spec.linux();
        return new Spec(
                Spec.VERSION,
                spec.process(),
                spec.root(),
                "a-host",
                "example.org",
                bound.mounts(),
                null,
                Map.of(),
                linux(linux, Map.of("net.ipv4.ip_forward", "1"), linux.namespaces(), List.of()));
    }

    private static Spec privileged(Spec spec) throws IOException {
        Spec unnamed = TestHost.with(spec, "hostname", null);
        Spec shared = withNamespaces(unnamed, List.of(Namespace.fresh(Namespace.Type.MOUNT)));
        Linux linux = linux(
                shared.linux(),
                Map.of(),
                shared.linux().namespaces(),
                List.of(new Device("/dev/loops/loop7", "b", 7L, 7L, 0640, 0L, 6L)));
        List<String> all = List.of("CAP_SYS_ADMIN", "CAP_NET_ADMIN", "CAP_SYS_PTRACE", "CAP_SYSLOG");
        return shared.withProcess(process(spec, false, User.ROOT, Capabilities.of(all), false))
                .withLinux(linux);
    }

    private static Spec withMount(Spec spec, Mount added) {
        List<Mount> all = new ArrayList<>(spec.mounts());
        all.add(added);
        return spec.withMounts(all);
    }

    private static Spec withNamespaces(Spec spec, List<Namespace> namespaces) {
        return spec.withLinux(linux(spec.linux(), Map.of(), namespaces, List.of()));
    }

    private static Linux linux(
            Linux from, Map<String, String> sysctl, List<Namespace> namespaces, List<Device> devices) {
        return linux(from, sysctl, namespaces, devices, null);
    }

    private static Linux linux(
            Linux from, Map<String, String> sysctl, List<Namespace> namespaces, List<Device> devices, Seccomp filter) {
        return new Linux(
                List.of(),
                List.of(),
                sysctl,
                LIMITS,
                null,
                namespaces,
                devices,
                Map.of(),
                filter,
                null,
                from.maskedPaths(),
                from.readonlyPaths(),
                null,
                null,
                null,
                null,
                Map.of());
    }

    private static Process process(
            Spec from, boolean terminal, User user, Capabilities capabilities, boolean noNewPrivileges) {
        return new Process(
                terminal,
                null,
                user,
                List.of("true"),
                List.of("PATH=/sbin:/bin", "TEXT=line\nother \"\u00e9\u0001" + "2\\"),
                "/",
                capabilities == null ? from.process().capabilities() : capabilities,
                List.of(new Rlimit("RLIMIT_NOFILE", 1024, 512), new Rlimit("RLIMIT_CORE", -1, 0)),
                noNewPrivileges,
                null,
                500,
                null,
                null,
                null,
                null);
    }
}
