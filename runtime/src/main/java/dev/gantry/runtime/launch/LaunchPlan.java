package dev.gantry.runtime.launch;

import dev.gantry.runtime.idmap.IdMaps;
import dev.gantry.runtime.program.Program;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A compiled launch.
///
/// @param descriptors the names of what [dev.gantry.kernel.Spawn] has to hand over, in order from number 3
public record LaunchPlan(Program program, List<String> descriptors) {
    /// Where failures and progress are reported.
    public static final String REPORT = "report";
    /// Read end of the control pipe.
    public static final String CONTROL = "control";
    /// Write end of the control pipe, which the supervisor keeps.
    public static final String CONTROL_KEPT = "control_kept";
    /// A named pipe: the command of a container that is left to the caller waits for a byte from it.
    public static final String GATE = "gate";
    /// Another one, where the program reports once it has passed the gate.
    public static final String START_REPORT = "start_report";
    /// What the caller hands to the command, from 3 on.
    private static final String PRESERVED = "preserved:";
    private static final String FILLED = "filled";
    /// The file for the exit status.
    public static final String STATUS = "status";
    /// The eventfd that is signalled at the exit.
    public static final String EXITED = "exited";
    /// The eventfd that is signalled once the daemon has recorded the process; no command is executed before. The
    /// supervisor keeps it: it tells a later daemon whether the command was. Who takes it from a process in a
    /// joined PID namespace, and so may trace it anyway, makes it execute too early, or end with the daemon.
    public static final String RECORDED = "recorded";
    /// The container's ends of its standard streams.
    public static final String STDIN = "stdin";
    public static final String STDOUT = "stdout";
    public static final String STDERR = "stderr";
    /// The other ends, which the supervisor keeps.
    public static final String STDIN_KEPT = "stdin_kept";
    public static final String STDOUT_KEPT = "stdout_kept";
    public static final String STDERR_KEPT = "stderr_kept";
    /// The container's side of its terminal, and the other, which the supervisor keeps.
    public static final String TERMINAL = "terminal";
    public static final String MASTER_KEPT = "master_kept";
    /// Both ends of a pipe that a terminal's output passes through on its way to a file; the supervisor keeps them.
    public static final String RELAY_READ_KEPT = "relay_read_kept";
    public static final String RELAY_WRITE_KEPT = "relay_write_kept";
    /// The detached mount of the root file system.
    public static final String ROOT = "root";
    private static final long TTY = 5;
    /// The detached devpts mount.
    public static final String DEVPTS = "devpts";
    /// What that is mounted with, as mount(8) has it. The group `tty` has the same number in every distribution.
    public static final Map<String, String> DEVPTS_OPTIONS = devptsOptions(IdMaps.NONE);
    /// The pidfd of the process whose namespaces an exec joins.
    public static final String TARGET = "target";
    /// The container's directory in the cgroup v2 hierarchy, which the process is born in.
    public static final String UNIFIED = "unified";
    /// The file that takes a task into the shim's own cgroup.
    public static final String SHIM_CGROUP = "shim_cgroup";

    /// Where a process that waits hears that it may go on.
    public static final String GO = "go";
    /// The container's state for its `createContainer` hooks, and for its `startContainer` hooks.
    public static final String CREATE_STATE = "create_state";
    public static final String START_STATE = "start_state";

    /// What the daemon does for a process that waits, as bits of [dev.gantry.runtime.program.Report.Ready].
    public static final class Wanted {
        /// Write the ID maps.
        public static final int MAPS = 1;
        /// Write the clocks of the new time namespace.
        public static final int CLOCKS = 2;
        /// Write the OOM score.
        public static final int SCORE = 4;
        /// Run the hooks `prestart` and `createRuntime`.
        public static final int HOOKS = 8;
        /// Write the state for `createContainer` hooks.
        public static final int CREATE_STATE = 16;
        /// Write the state for `startContainer` hooks.
        public static final int START_STATE = 32;
        /// Take the listener of the seccomp filter to its agent.
        public static final int LISTENER = 64;

        private Wanted() {}
    }

    /// What the supervisor keeps, beside what it needs itself, for a daemon that comes after this one.
    public static final List<String> KEPT = List.of(
            CONTROL_KEPT,
            EXITED,
            RECORDED,
            STDIN_KEPT,
            STDOUT_KEPT,
            STDERR_KEPT,
            MASTER_KEPT,
            RELAY_READ_KEPT,
            RELAY_WRITE_KEPT,
            ROOT);

    public LaunchPlan {
        descriptors = List.copyOf(descriptors);
    }

    /// The same in a user namespace.
    public static Map<String, String> devptsOptions(IdMaps maps) {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("source", "devpts");
        options.put("newinstance", "");
        options.put("ptmxmode", "0666");
        options.put("mode", "0620");
        options.put(
                "gid", Long.toString(maps.isEmpty() ? TTY : maps.hostGid(TTY).orElse(0)));
        return Collections.unmodifiableMap(options);
    }

    /// The detached clone of the source of mount number `index` of the spec.
    public static String bind(int index) {
        return "bind" + index;
    }

    /// The `tasks` file of cgroup v1 hierarchy number `index`.
    ///
    /// `tasks` and not `cgroup.procs`: moving one thread, the caller, need not wait for all threads of a process.
    public static String cgroup(int index) {
        return "cgroup" + index;
    }

    /// The detached clone of the container's directory in cgroup v1 hierarchy number `index`, which it sees when it
    /// has no cgroup namespace of its own.
    public static String cgroupTree(int index) {
        return "cgroup_tree" + index;
    }

    /// A file system that the daemon makes and fills for mount number `index` of the spec.
    public static String filled(int index) {
        return FILLED + index;
    }

    /// Whether that is the name.
    public static boolean isFilled(String name) {
        return name.startsWith(FILLED);
    }

    /// What the caller hands to the command as descriptor number `3 + index`.
    public static String preserved(int index) {
        return PRESERVED + index;
    }

    /// Whether that is the name.
    public static boolean isPreserved(String name) {
        return name.startsWith(PRESERVED);
    }

    /// The namespace to be joined.
    public static String namespace(String type) {
        return "ns_" + type;
    }
}
