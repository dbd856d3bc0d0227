package dev.gantry.runtime;

import dev.gantry.kernel.HostFiles;
import dev.gantry.kernel.OpenMode;
import dev.gantry.kernel.OwnedFd;
import dev.gantry.kernel.Pipe;
import dev.gantry.oci.runtime.Hooks;
import dev.gantry.oci.runtime.Linux;
import dev.gantry.runtime.hook.HookFailure;
import dev.gantry.runtime.hook.HookRunner;
import dev.gantry.runtime.hook.StateDocument;
import dev.gantry.runtime.idmap.IdMaps;
import dev.gantry.runtime.idmap.ProcessMaps;
import dev.gantry.runtime.launch.LaunchPlan;
import dev.gantry.runtime.launch.LaunchPlan.Wanted;
import dev.gantry.runtime.launch.ProcessPlan;
import dev.gantry.runtime.seccomp.Notification;
import dev.gantry.runtime.shim.Handover;
import dev.gantry.runtime.shim.ProcessStatus;
import dev.gantry.runtime.state.ContainerState;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a program waits for: the daemon does it from outside of the container's namespaces, each thing once, and lets
/// the program go on.
final class OutsideWork implements AutoCloseable {
    /// What a program is told when it may go on.
    private static final int GO_ON = 'g';

    private final Order order;
    private final HookRunner runner;
    private final ContainerState files;
    private final Runnable beforeHooks;
    private @Nullable OwnedFd go;
    private int done;

    /// What the work is taken from.
    ///
    /// @param clocks of a new time namespace
    /// @param score the OOM score adjustment; null for none
    /// @param agent who is notified of system calls; null for nobody
    /// @param main the container's process if that is another than the one that waits, or 0
    record Order(
            StateDocument state,
            Map<String, Linux.TimeOffset> clocks,
            IdMaps maps,
            @Nullable Hooks hooks,
            @Nullable Integer score,
            ProcessPlan.@Nullable Agent agent,
            int main) {
        private Map<String, Object> stateBeside(int pid) {
            return main == 0 ? state.properties("creating", pid) : state.properties("running", main);
        }
    }

    /// @param files where hooks in the container's namespaces read its state
    /// @param beforeHooks what is done before the first hook of the container
    OutsideWork(Order order, HookRunner runner, ContainerState files, Runnable beforeHooks) {
        this.order = order;
        this.runner = runner;
        this.files = files;
        this.beforeHooks = beforeHooks;
    }

    /// Opens what the plan expects.
    void hand(LaunchPlan plan, Handover handover) throws IOException {
        if (plan.descriptors().contains(LaunchPlan.GO)) {
            Pipe pipe = Pipe.create();
            handover.give(LaunchPlan.GO, pipe.read());
            go = pipe.write();
        }
        handState(LaunchPlan.CREATE_STATE, files.createState(), plan, handover);
        handState(LaunchPlan.START_STATE, files.startState(), plan, handover);
    }

    private static void handState(String name, Path file, LaunchPlan plan, Handover handover) throws IOException {
        if (plan.descriptors().contains(name)) {
            Files.write(file, new byte[0]);
            handover.give(name, HostFiles.open(file, OpenMode.READ));
        }
    }

    /// Does what a process waits for.
    ///
    /// @param wanted of [Wanted]
    void perform(int wanted, int pid, int descriptor) throws IOException {
        // a record may come from another process in a joined PID namespace: nothing is done a second time
        int open = wanted & ~done;
        done |= wanted;
        if ((open & Wanted.MAPS) != 0) {
            ProcessMaps.write(pid, order.maps());
        }
        if ((open & Wanted.CLOCKS) != 0) {
            ProcessMaps.write(pid, "timens_offsets", clocks(order.clocks()));
        }
        Integer score = order.score();
        if ((open & Wanted.SCORE) != 0 && score != null) {
            ProcessMaps.write(pid, "oom_score_adj", Integer.toString(score));
        }
        Hooks hooks = order.hooks();
        if ((open & (Wanted.HOOKS | Wanted.CREATE_STATE | Wanted.START_STATE)) != 0) {
            beforeHooks.run();
        }
        if ((open & Wanted.HOOKS) != 0 && hooks != null) {
            run(hooks, order.state().json("creating", pid));
        }
        if ((open & Wanted.CREATE_STATE) != 0) {
            Files.write(files.createState(), order.state().json("creating", ProcessStatus.numberForChildren(pid)));
        }
        if ((open & Wanted.START_STATE) != 0) {
            Files.write(files.startState(), order.state().json("created", ProcessStatus.numberForChildren(pid)));
        }
        if ((open & Wanted.LISTENER) != 0) {
            notifyAgent(pid, descriptor);
        }
        goOn();
    }

    private void run(Hooks hooks, byte[] state) throws IOException {
        try {
            runner.run("prestart", hooks.prestart(), state);
            runner.run("createRuntime", hooks.createRuntime(), state);
        } catch (HookFailure e) {
            throw new LaunchException("hooks", String.valueOf(e.getMessage()), null, LaunchException.SETUP);
        }
    }

    private void notifyAgent(int pid, int descriptor) throws IOException {
        ProcessPlan.Agent agent = order.agent();
        if (agent != null) {
            try {
                Notification.send(agent, pid, descriptor, order.stateBeside(pid));
            } catch (IOException e) {
                throw new LaunchException(
                        "linux.seccomp.listenerPath",
                        "seccomp listener for " + agent.socket() + ": " + e.getMessage(),
                        null,
                        LaunchException.SETUP);
            }
        }
    }

    private void goOn() throws IOException {
        OwnedFd answer = go;
        if (answer != null) {
            // not closed: the stream would close the descriptor
            OutputStream out = answer.output();
            out.write(GO_ON);
        }
    }

    private static String clocks(Map<String, Linux.TimeOffset> offsets) {
        StringBuilder text = new StringBuilder();
        offsets.forEach((clock, offset) -> text.append(clock)
                .append(' ')
                .append(offset.secs())
                .append(' ')
                .append(offset.nanosecs())
                .append('\n'));
        return text.toString();
    }

    @Override
    public void close() {
        if (go != null) {
            go.close();
        }
    }
}
