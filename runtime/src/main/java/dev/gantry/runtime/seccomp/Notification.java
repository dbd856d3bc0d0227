package dev.gantry.runtime.seccomp;

import dev.gantry.kernel.OwnedFd;
import dev.gantry.kernel.Pidfd;
import dev.gantry.oci.Json;
import dev.gantry.oci.runtime.Seccomp;
import dev.gantry.oci.runtime.Seccomp.Action;
import dev.gantry.oci.runtime.Spec;
import dev.gantry.runtime.launch.ProcessPlan.Agent;
import dev.gantry.runtime.launch.RefusedException;
import dev.gantry.runtime.refusal.UnsupportedItem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// System calls that somebody else answers for the kernel, `SCMP_ACT_NOTIFY`, seccomp_unotify(2).
///
/// The process that loads the filter gets the descriptor of its listener, and waits until the runtime has taken a copy
/// (pidfd_getfd(2)) and sent it to the agent. Until then nobody would answer it, so it must not be notified of the
/// call by which it says so: write(2), as with runc. From there on the agent answers for the runtime's own calls too.
public final class Notification {
    private static final String LISTENER = "anon_inode:seccomp notify";
    private static final String METADATA = "linux.seccomp.listenerMetadata";

    private Notification() {}

    /// Whom a filter notifies; null for nobody.
    static @Nullable Agent agent(Seccomp seccomp) throws RefusedException {
        String path = seccomp.listenerPath() == null ? "" : seccomp.listenerPath();
        if (path.isEmpty() && seccomp.listenerMetadata() != null) {
            throw new RefusedException(METADATA, METADATA + " is set, but linux.seccomp.listenerPath is not");
        }
        if (seccomp.defaultAction() == Action.SCMP_ACT_NOTIFY) {
            throw RuleTranslation.refused(UnsupportedItem.NOTIFY_BY_DEFAULT);
        }
        boolean notifies = false;
        for (Seccomp.Syscall each : seccomp.syscalls()) {
            if (each.action() == Action.SCMP_ACT_NOTIFY) {
                notifies = true;
                if (each.names().contains("write")) {
                    throw RuleTranslation.refused(UnsupportedItem.NOTIFY_OF_WRITE);
                }
            }
        }
        if (!notifies) {
            return null; // then a listener has no meaning: the specification
        }
        if (path.isEmpty()) {
            throw new RefusedException(
                    "linux.seccomp.listenerPath", "linux.seccomp.listenerPath is not set, which SCMP_ACT_NOTIFY needs");
        }
        return new Agent(path, seccomp.listenerMetadata());
    }

    /// Sends a process's listener to the agent, with what the specification calls the container process state.
    ///
    /// @param pid the process that waits, or the init of `--init` that has started it
    /// @param number the descriptor's in the process
    /// @param state of the container
    public static void send(Agent agent, int pid, int number, Map<String, Object> state) throws IOException {
        int notified = notified(pid, number);
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("ociVersion", Spec.VERSION);
        message.put("fds", List.of("seccompFd"));
        message.put("pid", notified);
        if (agent.metadata() != null) {
            message.put("metadata", agent.metadata());
        }
        message.put("state", state);
        try (Pidfd process = Pidfd.open(notified);
                OwnedFd listener = process.descriptorOf(number);
                OwnedFd connection = OwnedFd.connect(Path.of(agent.socket()))) {
            listener.sendOver(connection, new String(Json.write(message), StandardCharsets.UTF_8));
        }
    }

    /// The process that has the listener. In its namespace a command does not learn its number on the host.
    private static int notified(int pid, int number) throws IOException {
        if (isListener(pid, number)) {
            return pid;
        }
        String id = Integer.toString(pid);
        for (String child :
                Files.readString(Path.of("/proc", id, "task", id, "children")).split(" ", -1)) {
            if (!child.isBlank() && isListener(Integer.parseInt(child), number)) {
                return Integer.parseInt(child);
            }
        }
        throw new IOException("seccomp listener of process " + pid + ": descriptor " + number + " is none");
    }

    private static boolean isListener(int pid, int number) throws IOException {
        Path link = Path.of("/proc", Integer.toString(pid), "fd", Integer.toString(number));
        try {
            return Files.readSymbolicLink(link).toString().equals(LISTENER);
        } catch (NoSuchFileException _) {
            return false; // an init closes what only its command needs
        }
    }
}
