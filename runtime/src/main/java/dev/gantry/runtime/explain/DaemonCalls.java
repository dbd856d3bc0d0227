package dev.gantry.runtime.explain;

import dev.gantry.oci.runtime.Hooks;
import dev.gantry.oci.runtime.Mount;
import dev.gantry.oci.runtime.Process;
import dev.gantry.runtime.cgroup.Cgroup;
import dev.gantry.runtime.idmap.IdMaps;
import dev.gantry.runtime.launch.LaunchPlan;
import dev.gantry.runtime.mount.BoundTerminals;
import dev.gantry.runtime.program.part.ExitRecord;
import dev.gantry.runtime.program.render.Quoted;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Lists the calls of the daemon, in the order in which it makes them. What only the JVM does (duplicating
/// descriptors, closing them, making them non-blocking) is left out.
final class DaemonCalls {
    private static final String WRITE_ONLY = "O_WRONLY|O_NOCTTY|O_CLOEXEC";

    private final List<HostCall> calls = new ArrayList<>();
    private String words = "";
    private String item = "";

    private void step(String next, String of) {
        words = next;
        item = of;
    }

    private void add(String call, String result, String... arguments) {
        calls.add(new HostCall(call, String.join(", ", arguments), result, words, item));
    }

    /// Everything so far.
    List<HostCall> calls() {
        return List.copyOf(calls);
    }

    private static String quoted(Path path) {
        return Quoted.text(path.toString());
    }

    /// The overlay, which is mounted nowhere.
    ///
    /// @param oneByOne whether the kernel takes a path for each layer, or one string of descriptors
    void overlay(List<Path> lowerTopFirst, Path upper, Path work, boolean oneByOne) {
        step("mount the image's layers", "root");
        List<String> layers = lowerTopFirst.stream().map(Path::toString).toList();
        if (!oneByOne) {
            layers = descriptors(lowerTopFirst.size());
            for (int i = 0; i < lowerTopFirst.size(); i++) {
                open(lowerTopFirst.get(i), "O_RDONLY|O_NOCTTY|O_CLOEXEC|O_DIRECTORY", "layer" + i);
            }
        }
        overlay(layers, upper.toString(), work.toString(), oneByOne);
    }

    private static List<String> descriptors(int layers) {
        return IntStream.range(0, layers)
                .mapToObj(i -> "/proc/self/fd/<layer" + i + ">")
                .toList();
    }

    private void overlay(List<String> layers, String upper, String work, boolean oneByOne) {
        add("fsopen", "<overlay>", "\"overlay\"", "FSOPEN_CLOEXEC");
        option("<overlay>", "source", "\"overlay\"");
        if (oneByOne) {
            layers.forEach(layer -> option("<overlay>", "lowerdir+", Quoted.text(layer)));
        } else {
            option("<overlay>", "lowerdir", Quoted.text(String.join(":", layers)));
        }
        option("<overlay>", "upperdir", Quoted.text(upper));
        option("<overlay>", "workdir", Quoted.text(work));
        add("fsconfig", "", "<overlay>", "FSCONFIG_CMD_CREATE", "NULL", "NULL", "0");
        add("fsmount", "<root>", "<overlay>", "FSMOUNT_CLOEXEC", "0");
    }

    /// The same, with every layer a mount that shows other owners.
    void mappedOverlay(List<Path> lowerTopFirst, Path upper, Path work, boolean oneByOne) {
        step("show the layers' files as those of the user namespace's users", "linux.uidMappings");
        for (int i = 0; i < lowerTopFirst.size(); i++) {
            openTree(lowerTopFirst.get(i), false, "layer" + i);
            mapIds("layer" + i, false);
        }
        Path parent = upper.resolveSibling(".").normalize();
        openTree(parent, false, "changes");
        mapIds("changes", false);
        step("mount the image's layers", "root");
        String changes = "/proc/self/fd/<changes>/";
        overlay(
                descriptors(lowerTopFirst.size()),
                changes + upper.getFileName(),
                changes + work.getFileName(),
                oneByOne);
    }

    /// Has a tree of mounts show its files' owners through a user namespace.
    void mapIds(String tree, boolean recursive) {
        setAttributes(tree, recursive, "MOUNT_ATTR_IDMAP", "0 /* MS_??? */", "<user_namespace>");
    }

    private void setAttributes(String tree, boolean recursive, String set, String propagation, String userNamespace) {
        String attributes =
                "{attr_set=%s, attr_clr=0, propagation=%s, userns_fd=%s}".formatted(set, propagation, userNamespace);
        String flags = recursive ? "AT_EMPTY_PATH|AT_RECURSIVE" : "AT_EMPTY_PATH";
        add("mount_setattr", "", "<" + tree + ">", "\"\"", flags, attributes, "32");
    }

    /// A directory of the host as the root.
    void directory(Path root) {
        step("take " + root + " as the root", "root");
        openTree(root, true, LaunchPlan.ROOT);
        setAttributes(LaunchPlan.ROOT, true, "0", "MS_SLAVE", "0");
    }

    private void option(String context, String key, String value) {
        add("fsconfig", "", context, "FSCONFIG_SET_STRING", "\"" + key + "\"", value, "0");
    }

    private void openTree(Path source, boolean recursive, String name) {
        String flags = "OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC" + (recursive ? "|AT_RECURSIVE" : "");
        add("open_tree", "<" + name + ">", "AT_FDCWD", quoted(source), flags);
    }

    private void open(Path file, String flags, String name) {
        add("openat", "<" + name + ">", "AT_FDCWD", quoted(file), flags);
    }

    /// The directory of the state, with the name of the cgroups' parent.
    void state(Path directory, String cgroupParent) {
        step("make the directory of its state", "");
        add("mkdir", "", quoted(directory), "0700");
        String flags = "O_WRONLY|O_CREAT|O_TRUNC";
        add("openat", "<file>", "AT_FDCWD", quoted(directory.resolve("cgroup")), flags, "0666");
        write("<file>", cgroupParent);
    }

    private void write(String file, String value) {
        int length = value.getBytes(StandardCharsets.UTF_8).length;
        add("write", "", file, Quoted.text(value), Integer.toString(length));
    }

    /// Makes the directories.
    void cgroups(List<Path> directories) {
        step("make the container's cgroups", "");
        directories.forEach(each -> add("mkdir", "", quoted(each), "0777"));
    }

    /// Attaches the program that says which devices may be used.
    void deviceFilter(Cgroup cgroup, int size) {
        step("limit devices", "linux.resources.devices");
        String program = ("{prog_type=BPF_PROG_TYPE_CGROUP_DEVICE, insn_cnt=%d, insns=&<instructions>, "
                        + "license=\"Apache-2.0\", log_level=0, log_size=0, log_buf=NULL}")
                .formatted(size / 8);
        open(cgroup.ownDirectories().getFirst(), "O_RDONLY|O_NOCTTY|O_CLOEXEC|O_DIRECTORY", "group");
        add("bpf", "<filter>", "BPF_PROG_LOAD", program, "40");
        String target = "{target_fd=<group>, attach_bpf_fd=<filter>, attach_type=BPF_CGROUP_DEVICE, "
                + "attach_flags=BPF_F_ALLOW_MULTI}";
        add("bpf", "", "BPF_PROG_ATTACH", target, "16");
    }

    /// Writes the limits; a file that takes several values in a row is opened once.
    void limits(List<Cgroup.Limit> limits) {
        Path file = null;
        for (Cgroup.Limit limit : limits) {
            step("limit " + limit.file().getFileName() + " to " + limit.value(), limit.item());
            if (!limit.file().equals(file)) {
                add("openat", "<limit>", "AT_FDCWD", quoted(limit.file()), "O_WRONLY");
            }
            file = limit.file();
            write("<limit>", limit.value());
        }
    }

    /// Opens what takes the processes into the cgroups.
    void joining(Cgroup cgroup) {
        joining(cgroup, cgroup.unified());
    }

    /// The same for a process that is born in another group of version 2.
    void joining(Cgroup cgroup, @Nullable Path unified) {
        step("open the container's cgroups", "");
        List<Path> files = cgroup.joinFiles();
        for (int i = 0; i < files.size(); i++) {
            open(files.get(i), WRITE_ONLY, LaunchPlan.cgroup(i));
        }
        if (unified != null) {
            open(unified, "O_RDONLY|O_NOCTTY|O_CLOEXEC|O_DIRECTORY", LaunchPlan.UNIFIED);
        }
        open(cgroup.supervisorFile(), WRITE_ONLY, LaunchPlan.SHIM_CGROUP);
    }

    /// A namespace to be joined.
    void namespace(String type, Path file) {
        step("open the " + type + " namespace", "linux.namespaces:" + type);
        open(file, "O_RDONLY|O_NOCTTY|O_CLOEXEC", LaunchPlan.namespace(type));
    }

    /// The source of a bind mount.
    void bind(int index, Path source, boolean recursive, String destination) {
        step("clone " + source, "mounts:" + destination);
        openTree(source, recursive, LaunchPlan.bind(index));
    }

    /// What a container in the host's cgroup namespace sees of its cgroups.
    void cgroupTree(int index, Path directory) {
        step("clone " + directory, "mounts:/sys/fs/cgroup");
        openTree(directory, false, LaunchPlan.cgroupTree(index));
    }

    /// What connects the daemon with the shim.
    void shim(Path statusFile) {
        step("connect with the supervisor", "");
        add("openat", "<status>", "AT_FDCWD", quoted(statusFile), "O_RDWR|O_CREAT|O_NOCTTY|O_CLOEXEC", "0600");
        add("fallocate", "", "<status>", "FALLOC_FL_KEEP_SIZE", "0", Integer.toString(ExitRecord.SIZE));
        pipe(LaunchPlan.CONTROL, LaunchPlan.CONTROL_KEPT);
        add("eventfd2", "<exited>", "0", "EFD_CLOEXEC|EFD_NONBLOCK");
    }

    /// What lets the program go on when it waits.
    void go() {
        step("make a pipe to let the program go on", "");
        pipe(LaunchPlan.GO, "go_kept");
    }

    /// A file that hooks in the container's namespaces read.
    ///
    /// @param name of its descriptor
    void hookState(Path file, String name) {
        step("make the file of the container's state for its hooks", "hooks");
        add("openat", "<file>", "AT_FDCWD", quoted(file), "O_WRONLY|O_CREAT|O_TRUNC", "0666");
        open(file, "O_RDONLY|O_NOCTTY|O_CLOEXEC", name);
    }

    /// A tmpfs with a copy of what it covers.
    void filled(int index, Mount mount) {
        step("fill a tmpfs with what is at " + mount.destination(), "mounts:" + mount.destination());
        add("fsopen", "<tmpfs>", "\"tmpfs\"", "FSOPEN_CLOEXEC");
        add("fsconfig", "", "<tmpfs>", "FSCONFIG_CMD_CREATE", "NULL", "NULL", "0");
        add("fsmount", "<" + LaunchPlan.filled(index) + ">", "<tmpfs>", "FSMOUNT_CLOEXEC", "0");
    }

    /// A file of the container's process, written while it waits.
    void write(String what, String of, String file, String value) {
        step(what, of);
        add("openat", "<file>", "AT_FDCWD", "\"/proc/<pid>/" + file + "\"", "O_WRONLY|O_NOCTTY|O_CLOEXEC");
        write("<file>", value);
    }

    /// A hook in the daemon's namespaces.
    void hook(String kind, Hooks.Hook hook) {
        step("run " + kind + " hook " + hook.path(), "hooks." + kind);
        String arguments = (hook.args().isEmpty() ? List.of(hook.path()) : hook.args())
                .stream().map(Quoted::text).collect(Collectors.joining(", ", "[", "]"));
        add("execve", "", Quoted.text(hook.path()), arguments, "&<environment>");
    }

    private void pipe(String read, String write) {
        add("pipe2", "", "[<" + read + ">, <" + write + ">]", "O_CLOEXEC");
    }

    /// Pipes as standard streams.
    void pipes(boolean input) {
        step("make pipes for the standard streams", "");
        if (input) {
            pipe(LaunchPlan.STDIN, LaunchPlan.STDIN_KEPT);
        }
        pipe(LaunchPlan.STDOUT_KEPT, LaunchPlan.STDOUT);
        pipe(LaunchPlan.STDERR_KEPT, LaunchPlan.STDERR);
    }

    /// A terminal as standard streams.
    void terminal(Process.@Nullable ConsoleSize size, IdMaps maps) {
        step("make a terminal on a devpts of its own", "process.terminal");
        add("fsopen", "<devpts_fs>", "\"devpts\"", "FSOPEN_CLOEXEC");
        LaunchPlan.devptsOptions(maps).forEach((key, value) -> {
            if (value.isEmpty()) {
                add("fsconfig", "", "<devpts_fs>", "FSCONFIG_SET_FLAG", Quoted.text(key), "NULL", "0");
            } else {
                option("<devpts_fs>", key, Quoted.text(value));
            }
        });
        add("fsconfig", "", "<devpts_fs>", "FSCONFIG_CMD_CREATE", "NULL", "NULL", "0");
        add("fsmount", "<devpts>", "<devpts_fs>", "FSMOUNT_CLOEXEC", "MOUNT_ATTR_NOSUID|MOUNT_ATTR_NOEXEC");
        terminal(size);
    }

    /// A terminal on the container's devpts as standard streams.
    void terminalOfContainer(Process.@Nullable ConsoleSize size) {
        step("make a terminal on the container's devpts", "process.terminal");
        terminal("<root>", "dev/pts", size);
    }

    /// A terminal on a devpts that a bind mount shows as standard streams.
    void terminalOf(BoundTerminals bound, Process.@Nullable ConsoleSize size) {
        step("make a terminal on the devpts that is bound", "process.terminal");
        terminal("<" + LaunchPlan.bind(bound.index()) + ">", bound.directory(), size);
    }

    private void terminal(String root, String directory, Process.@Nullable ConsoleSize size) {
        String how = "{flags=O_RDONLY|O_CLOEXEC|O_PATH|O_DIRECTORY, resolve=RESOLVE_NO_MAGICLINKS|RESOLVE_IN_ROOT}";
        add("openat2", "<devpts>", root, Quoted.text(directory), how, "24");
        terminal(size);
    }

    private void terminal(Process.@Nullable ConsoleSize size) {
        String how = "{flags=O_RDWR|O_NOCTTY|O_CLOEXEC, resolve=RESOLVE_NO_XDEV|RESOLVE_NO_MAGICLINKS|RESOLVE_IN_ROOT}";
        add("openat2", "<master_kept>", "<devpts>", "\"ptmx\"", how, "24");
        if (size != null) {
            String winsize = "{ws_row=%d, ws_col=%d, ws_xpixel=0, ws_ypixel=0}".formatted(size.height(), size.width());
            add("ioctl", "", "<master_kept>", "TIOCSWINSZ", winsize);
        }
        pipe(LaunchPlan.RELAY_READ_KEPT, LaunchPlan.RELAY_WRITE_KEPT);
    }

    /// Writes the program and starts it.
    ///
    /// @param marked whether the program's file is marked as one that is executed
    /// @param descriptors the names of what it is handed, from number 3 on
    void start(String id, int size, boolean marked, List<String> descriptors) {
        pipe("reports", LaunchPlan.REPORT, "hear of the program's progress");
        step("make an event to let the command be executed", "");
        add("eventfd2", "<recorded>", "0", "EFD_CLOEXEC|EFD_NONBLOCK");
        step("write the launch program", "");
        add(
                "memfd_create",
                "<program>",
                Quoted.text(id),
                "MFD_CLOEXEC|MFD_ALLOW_SEALING" + (marked ? "|MFD_EXEC" : ""));
        add("write", "", "<program>", "&<program>", Integer.toString(size));
        String seals = "F_SEAL_SEAL|F_SEAL_SHRINK|F_SEAL_GROW|F_SEAL_WRITE";
        add("fcntl", "", "<program>", "F_ADD_SEALS", seals);
        step("start it with " + numbered(descriptors), "");
        add("execve", "", "\"/proc/self/fd/<program>\"", "[" + Quoted.text(id) + "]", "[]");
    }

    private void pipe(String read, String write, String purpose) {
        step(purpose, "");
        pipe(read, write);
    }

    private static String numbered(List<String> descriptors) {
        return IntStream.range(0, descriptors.size())
                .mapToObj(i -> (i + 3) + "<" + descriptors.get(i) + ">")
                .collect(Collectors.joining(" "));
    }
}
