package dev.gantry.runtime.launch.compile;

import static dev.gantry.runtime.launch.compile.Emitter.ZERO;
import static dev.gantry.runtime.launch.compile.Emitter.value;

import dev.gantry.oci.runtime.Mount;
import dev.gantry.runtime.launch.Host;
import dev.gantry.runtime.launch.LaunchPlan;
import dev.gantry.runtime.launch.RefusedException;
import dev.gantry.runtime.mount.MountOptions;
import dev.gantry.runtime.mount.UnsupportedOptionException;
import dev.gantry.runtime.program.Condition;
import dev.gantry.runtime.program.Label;
import dev.gantry.runtime.program.OnError;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.Operation;
import dev.gantry.runtime.program.Slot;
import dev.gantry.runtime.program.Syscall;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The mounts of the spec, each made detached and then moved to its place.
final class MountSteps {
    private static final Set<String> KERNEL_TYPES = Set.of("proc", "sysfs", "devpts", "mqueue", "cgroup", "cgroup2");

    private static final Set<String> MEMORY_TYPES = Set.of(
            "tmpfs",
            "ramfs",
            "hugetlbfs",
            "binfmt_misc",
            "bpf",
            "configfs",
            "debugfs",
            "devtmpfs",
            "efivarfs",
            "fusectl",
            "pstore",
            "rpc_pipefs",
            "securityfs",
            "selinuxfs",
            "tracefs");

    private final Emitter e;
    private final Operand root;
    private final Target target;
    private final List<ReadOnly> readOnlyLater = new ArrayList<>();

    private record ReadOnly(Operand mount, String words, String item) {}

    MountSteps(Emitter e, Operand root) {
        this.e = e;
        this.root = root;
        this.target = new Target(e, root);
    }

    static MountOptions options(Mount mount) throws RefusedException {
        try {
            return MountOptions.parse(mount.options());
        } catch (UnsupportedOptionException problem) {
            throw new RefusedException(
                    "mounts:" + mount.destination(), mount.destination() + ": " + problem.getMessage());
        }
    }

    /// Whether a mount's destination is a place, which may be written in other ways: `dev`, `/dev/`, `//dev/.`.
    static boolean isAt(Mount mount, String place) {
        return place.equals(mount.place());
    }

    /// Whether a file system comes from the kernel alone, and not from a device or files of the host.
    static boolean isVirtual(String type) {
        return KERNEL_TYPES.contains(type) || MEMORY_TYPES.contains(type);
    }

    /// Where a kernel's file system goes: the words of errors say what was in the way.
    static Target.Kind kind(Mount mount) {
        String type = mount.type();
        boolean plain = type != null && (KERNEL_TYPES.contains(type) || isAt(mount, "/dev"));
        return plain ? Target.Kind.PLAIN_DIRECTORY : Target.Kind.DIRECTORY;
    }

    /// Whether a mount becomes read-only only when everything else is made: its mode is set, other mounts find their
    /// places in it, `/dev` is filled. The file system itself stays writable, as with runc.
    private static boolean isWritableFirst(Mount mount) {
        String type = String.valueOf(mount.type());
        return type.equals("tmpfs") || (isAt(mount, "/dev") && isVirtual(type));
    }

    private void begin(Mount mount, String type) {
        e.step("mount " + type + " on " + mount.destination(), "mounts:" + mount.destination());
    }

    /// A bind mount, of which the daemon has cloned the source.
    ///
    /// @param directory whether the source is a directory
    void bind(Mount mount, Operand source, boolean directory) throws RefusedException {
        MountOptions options = options(mount);
        e.step("bind " + mount.source() + " on " + mount.destination(), "mounts:" + mount.destination());
        long tree = options.recursiveSet() | options.recursiveClear();
        // without a wish, what the host mounts later shows in the container, and nothing the other way
        long propagation = options.propagation().orElse(MountOptions.MS_SLAVE);
        boolean recursive = options.recursive()
                && (options.recursivePropagation() || options.propagation().isEmpty());
        e.setAttributes(source, recursive, 0, 0, propagation);
        if (tree != 0) {
            e.setAttributes(source, true, options.recursiveSet(), options.recursiveClear(), 0);
        }
        if ((options.set() | options.clear()) != 0) {
            e.setAttributes(source, false, options.set(), options.clear(), 0);
        }
        Target.Kind kind = directory ? Target.Kind.DIRECTORY : Target.Kind.FILE;
        e.attach(source, target.open(mount.destination(), kind, null));
    }

    /// A new file system of the kernel's: the descriptor of its mount.
    Slot fileSystem(Mount mount) throws RefusedException {
        MountOptions options = options(mount);
        Slot made = made(mount);
        if ("tmpfs".equals(mount.type()) && options.data().stream().noneMatch(each -> each.startsWith("mode="))) {
            attachWithModeOfTarget(mount, made);
            settle(mount, made, options);
        } else {
            attached(mount, made);
        }
        return made;
    }

    /// A new file system that nobody sees yet.
    Slot made(Mount mount) throws RefusedException {
        MountOptions options = options(mount);
        String item = "mounts:" + mount.destination();
        if (options.idMapping() != MountOptions.IdMapping.NONE
                || !mount.uidMappings().isEmpty()
                || !mount.gidMappings().isEmpty()) {
            throw new RefusedException(item, mount.destination() + ": ID mappings are for bind mounts only");
        }
        String type = mount.type() == null ? "none" : mount.type();
        if (FileSystemOptions.namesLayersOneByOne(type, options.data())) {
            // kernels before 6.7 refuse the option, or the mount without it: either answer names it
            e.step("mount " + type + " on " + mount.destination() + " with each layer as \"lowerdir+\"", item);
        } else {
            begin(mount, type);
        }
        return make(mount, type, options);
    }

    /// Attaches a mount that was made elsewhere.
    void attached(Mount mount, Operand made) throws RefusedException {
        begin(mount, String.valueOf(mount.type()));
        e.attach(made, target.open(mount.destination(), kind(mount), null));
        settle(mount, made, options(mount));
    }

    /// Attaches a mount that the daemon has made without the attributes.
    void filled(Mount mount, Operand made) throws RefusedException {
        MountOptions options = options(mount);
        begin(mount, String.valueOf(mount.type()));
        long attributes = attributes(mount, options);
        if (attributes != 0) {
            e.setAttributes(made, false, attributes, 0, 0);
        }
        e.attach(made, target.open(mount.destination(), kind(mount), null));
        settle(mount, made, options);
    }

    /// What a mount has from the beginning.
    private static long attributes(Mount mount, MountOptions options) {
        long all = options.set() | options.recursiveSet();
        return isWritableFirst(mount) ? all & ~MountOptions.RDONLY : all;
    }

    /// What is left to do for a mount in its place.
    private void settle(Mount mount, Operand made, MountOptions options) {
        if (options.propagation().isPresent()) {
            boolean tree = options.recursivePropagation();
            e.setAttributes(made, tree, 0, 0, options.propagation().getAsLong());
        }
        if (isWritableFirst(mount) && options.readOnly()) {
            String place = mount.destination();
            readOnlyLater.add(new ReadOnly(made, "make " + place + " read-only", "mounts:" + place));
        }
    }

    private Slot make(Mount mount, String type, MountOptions options) {
        List<String> parameters = new ArrayList<>(options.superblock());
        long attributes = attributes(mount, options);
        if ((options.set() & attributes & MountOptions.RDONLY) != 0 && !type.startsWith("cgroup")) {
            parameters.add("ro");
        }
        parameters.addAll(FileSystemOptions.configured(type, options.data()));
        String source = mount.source();
        return create(type, source == null ? type : source, parameters, attributes);
    }

    /// fsopen, fsconfig, fsmount.
    ///
    /// @param parameters `key=value`, or a flag
    Slot create(String type, String source, List<String> parameters, long attributes) {
        Slot context = e.b.slot(type + "_fs");
        Slot made = e.b.slot(type + "_mount");
        e.b.call(context, Syscall.FSOPEN, e.text(type), value(Uapi.FSOPEN_CLOEXEC));
        configure(context, Uapi.FSCONFIG_SET_STRING, "source", e.text(source));
        for (String parameter : parameters) {
            int equals = parameter.indexOf('=');
            if (equals < 0) {
                configure(context, Uapi.FSCONFIG_SET_FLAG, parameter, ZERO);
            } else {
                String value = parameter.substring(equals + 1);
                configure(context, Uapi.FSCONFIG_SET_STRING, parameter.substring(0, equals), e.text(value));
            }
        }
        e.b.call(Syscall.FSCONFIG, context, value(Uapi.FSCONFIG_CMD_CREATE), ZERO, ZERO, ZERO);
        e.b.call(made, Syscall.FSMOUNT, context, value(Uapi.FSMOUNT_CLOEXEC), value(attributes));
        return made;
    }

    private void configure(Operand context, long command, String key, Operand value) {
        e.b.call(Syscall.FSCONFIG, context, value(command), e.text(key), value, ZERO);
    }

    /// A tmpfs without a mode takes that of the directory it covers, as runc does.
    private void attachWithModeOfTarget(Mount mount, Slot made) {
        Label existed = e.label("existed");
        Label attach = e.label("attach");
        Slot place = target.open(mount.destination(), kind(mount), existed);
        e.b.jump(attach);
        e.b.place(existed);
        Operand.Address stat = e.stat();
        e.b.call(Syscall.FSTAT, place, stat);
        Slot mode = e.b.slot("mode");
        e.b.move(mode, e.mode(stat));
        e.b.compute(mode, Operation.AND, value(07777));
        e.b.call(Syscall.FCHMODAT, made, e.text("."), mode);
        e.b.place(attach);
        e.attach(made, place);
    }

    /// The cgroup v1 hierarchies below a tmpfs, each as the container's cgroup namespace shows it.
    ///
    /// @param namespace whether there is one; in the host's a new mount would show the cgroups of everybody, so the
    ///     container's own directory is bound instead
    void cgroups(Mount mount, List<Host.Hierarchy> hierarchies, boolean namespace) throws RefusedException {
        MountOptions options = options(mount);
        begin(mount, "tmpfs");
        long flags = MountOptions.NOSUID | MountOptions.NODEV | MountOptions.NOEXEC;
        Slot base = create("tmpfs", "tmpfs", List.of("mode=755"), flags);
        e.attach(base, target.open(mount.destination(), Target.Kind.PLAIN_DIRECTORY, null));
        long attributes = flags | options.set() | options.recursiveSet();
        for (int i = 0; i < hierarchies.size(); i++) {
            Host.Hierarchy hierarchy = hierarchies.get(i);
            String place = mount.destination() + "/" + hierarchy.directory();
            e.step((namespace ? "mount cgroup on " : "bind the cgroup on ") + place, "mounts:" + mount.destination());
            if (namespace) {
                hierarchy(base, hierarchy, create("cgroup", hierarchy.source(), hierarchy.controllers(), attributes));
            } else {
                Operand tree = e.descriptor(LaunchPlan.cgroupTree(i));
                e.setAttributes(tree, false, attributes, 0, MountOptions.MS_PRIVATE);
                hierarchy(base, hierarchy, tree);
            }
        }
        if (options.readOnly()) {
            readOnlyLater.add(new ReadOnly(base, "make the cgroup directory read-only", "default"));
        }
    }

    /// The one hierarchy of cgroup v2.
    ///
    /// @param namespace whether the container has one, and sees what lies below its root; else the
    ///     daemon's mount is bound, as a new one would change the options of all
    void unified(Mount mount, boolean namespace) throws RefusedException {
        MountOptions options = options(mount);
        begin(mount, "cgroup2");
        long attributes = options.set() | options.recursiveSet();
        Operand made;
        if (namespace) {
            made = create("cgroup2", "cgroup", List.of(), attributes);
        } else {
            made = e.descriptor(LaunchPlan.cgroupTree(0));
            e.setAttributes(made, false, attributes, 0, MountOptions.MS_PRIVATE);
        }
        e.attach(made, target.open(mount.destination(), kind(mount), null));
    }

    private void hierarchy(Operand base, Host.Hierarchy hierarchy, Operand made) {
        e.b.call(Syscall.MKDIRAT, base, e.text(hierarchy.directory()), value(0755));
        Slot place = e.b.slot("target");
        e.openWithoutLinks(place, OnError.FAIL, base, hierarchy.directory(), Uapi.O_PATH);
        e.attach(made, place);
        if (hierarchy.controllers().size() > 1) {
            for (String controller : hierarchy.controllers()) {
                e.b.call(Syscall.SYMLINKAT, e.text(hierarchy.directory()), base, e.text(controller));
            }
        }
    }

    /// Makes read-only what had to be written to until now.
    void finish() {
        for (ReadOnly each : readOnlyLater) {
            e.step(each.words(), each.item());
            e.setAttributes(each.mount(), false, MountOptions.RDONLY, 0, 0);
        }
    }

    /// Opens the container's `/dev/null` when `/dev` is not the runtime's own, and refuses anything that is not one
    /// (CVE-2025-31133).
    Slot verifiedNull() {
        Slot opened = e.b.slot("null");
        e.step("open /dev/null", "default");
        e.openWithoutLinks(opened, OnError.FAIL, root, "dev/null", Uapi.O_RDWR);
        Operand.Address stat = e.stat();
        e.b.call(Syscall.FSTAT, opened, stat);
        Slot mode = e.b.slot("mode");
        Label wrong = e.label("not_null");
        Label right = e.label("is_null");
        e.b.move(mode, e.mode(stat));
        e.b.compute(mode, Operation.AND, value(Uapi.S_IFMT));
        e.b.jumpIf(mode, Condition.NOT_EQUAL, value(Uapi.S_IFCHR), wrong);
        e.b.jumpIf(e.device(stat), Condition.EQUAL, value(Emitter.device(1, 3)), right);
        e.b.place(wrong);
        e.step("verify that /dev/null is the null device", "default");
        e.refuse();
        e.b.place(right);
        return opened;
    }
}
