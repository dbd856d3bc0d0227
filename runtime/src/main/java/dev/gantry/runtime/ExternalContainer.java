package dev.gantry.runtime;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Pidfd;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.kernel.Signal;
import dev.gantry.oci.runtime.Process;
import dev.gantry.oci.runtime.Resources;
import dev.gantry.runtime.explain.Explanation;
import dev.gantry.runtime.explain.Origins;
import dev.gantry.runtime.external.Bundle;
import dev.gantry.runtime.external.ExitCodes;
import dev.gantry.runtime.external.RuntimeCalls;
import dev.gantry.runtime.idmap.IdMaps;
import dev.gantry.runtime.launch.LaunchPlan;
import dev.gantry.runtime.launch.compile.HostCommandCompiler;
import dev.gantry.runtime.shim.Executable;
import dev.gantry.runtime.shim.Handover;
import dev.gantry.runtime.shim.LaunchReports;
import dev.gantry.runtime.shim.Recorder;
import dev.gantry.runtime.shim.StandardStreams;
import dev.gantry.runtime.shim.StatusFile;
import dev.gantry.runtime.state.Belongings;
import dev.gantry.runtime.state.ContainerState;
import dev.gantry.runtime.state.ExecRecords;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A container of another runtime: started by that under a shim, and controlled by that's commands.
///
/// @param own what is needed for containers of any runtime
/// @param calls the commands of the runtime
record ExternalContainer(String id, Launcher own, Belongings belongings, RuntimeCalls calls) {
    private static final System.Logger LOGGER = System.getLogger(ExternalContainer.class.getName());
    private static final long PAUSE_NANOS = 1_000_000;
    /// What runtimes say when there is no process any more to which something could be done.
    private static final List<String> GONE =
            List.of("not running", "already finished", "does not exist", "No such process");

    Bundle bundle() {
        return new Bundle(belongings.state().directory());
    }

    /// A command of the runtime's that stays as long as a process of the container does.
    ///
    /// @param root where the command sees the root mounted that the handover has; null if it is not given one
    /// @param answers what the runtime says of the process
    record Order(
            List<String> words,
            Process process,
            boolean openStdin,
            @Nullable Path root,
            Bundle.Answers answers) {}

    /// Starts a command under a shim; the process that it is to start is then still to be awaited.
    StartedProcess run(Order order, Handover handover, StatusFile status, Recorder recorder) throws IOException {
        LaunchPlan plan = HostCommandCompiler.compile(new HostCommandCompiler.Request(
                order.words(),
                RuntimeCalls.environment(),
                ProcessPlans.streams(order.process().terminal(), order.openStdin()),
                order.root()));
        Executable program = Executable.of(plan, id);
        belongings.handCgroups(handover);
        return own.run(
                new Launcher.Request(
                        program,
                        order.process(),
                        order.openStdin(),
                        // the runtime makes another one in the container, and passes on what is typed here
                        () -> handover.keep(StandardStreams.newDevpts(IdMaps.NONE)),
                        status,
                        belongings::outOfMemory,
                        recorder,
                        (_, _, _) -> {}),
                handover,
                failed -> failure(plan, failed));
    }

    private static LaunchException failure(LaunchPlan plan, LaunchReports.Outcome.Failed failed) {
        String step = plan.program().calls().get(failed.report().step()).step().words();
        Errno errno = new Errno(failed.report().errno());
        return new LaunchException(step, step + ": " + errno.description(), errno, LaunchException.SETUP);
    }

    /// Waits until the runtime has said which process it has started.
    ///
    /// @throws LaunchException in the runtime's own words, if it has ended without
    StartedProcess awaitStart(StartedProcess runtime, Bundle.Answers answers, Process process, Duration patience)
            throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            boolean ended = runtime.hasEnded();
            OptionalInt pid = answers.process();
            if (pid.isPresent()) {
                return runtime.standingFor(pid.getAsInt());
            }
            if (ended) {
                throw failure(answers, process);
            }
            if (System.nanoTime() > deadline) {
                throw new IOException("runtime " + calls.program().name() + ": no process of container " + id
                        + " after " + patience.toSeconds() + " s");
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private LaunchException failure(Bundle.Answers answers, Process process) throws IOException {
        String name = calls.program().name();
        String text = answers.error().orElse("runtime " + name + " ended without a message");
        return new LaunchException(
                name, text, null, ExitCodes.of(text, process.args().getFirst()));
    }

    /// Kills what is left, and removes everything. Idempotent.
    void remove() throws IOException {
        belongings.killAll();
        var _ = belongings.outOfMemory(); // the runtime removes the cgroups
        try {
            calls.call("delete", "--force", id);
        } catch (IOException e) {
            // a runtime that is gone or broken must not keep what is ours
            LOGGER.log(System.Logger.Level.WARNING, "state of container " + id + " in " + calls.root(), e);
        }
        bundle().remove();
        belongings.remove();
    }

    /// Removes everything after a failure, which a second one must not hide.
    void remove(Exception failure) {
        try {
            remove();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /// How the container is controlled once its main process runs.
    record Control(ExternalContainer container, StartedProcess main, SafeDirectory root, HostCapabilities capabilities)
            implements StartedContainer.Control {
        @Override
        public void kill(Signal signal) throws IOException {
            try {
                call("kill", container.id(), Integer.toString(signal.number()));
            } catch (IOException e) {
                boolean gone = GONE.stream().anyMatch(String.valueOf(e.getMessage())::contains);
                if (!gone && !main.hasEnded()) {
                    throw e;
                }
            }
        }

        @Override
        public void pause() throws IOException {
            call("pause", container.id());
        }

        /// A process that has been killed was thawed for that.
        @Override
        public void resume() throws IOException {
            try {
                call("resume", container.id());
            } catch (IOException e) {
                if (container.belongings().cgroup().isFrozen()) {
                    throw e;
                }
            }
        }

        @Override
        public void update(Resources resources, Consumer<String> warnings) throws IOException {
            Path file = container.bundle().write(resources);
            call("update", "--resources", file.toString(), container.id());
        }

        private void call(String... words) throws IOException {
            container.calls().call(words);
        }

        /// The runtime itself waits for what the main process leaves behind with its streams.
        @Override
        public void awaitMain() throws IOException, InterruptedException {
            Optional<Pidfd> found = Pidfd.find(main.pid());
            if (found.isPresent()) {
                try (Pidfd process = found.get()) {
                    if (!main.hasEnded()) {
                        container.own().poller().awaitReadable(process.descriptor());
                    }
                }
            }
        }

        /// The mount lies in the runtime's own mount namespace; what it mounts for the container, in the container's.
        @Override
        public SafeDirectory bareRoot() throws IOException {
            return SafeDirectory.of(root.descriptor().duplicate());
        }

        @Override
        public boolean showsMounts() {
            return false;
        }

        @Override
        public void remove() throws IOException {
            container.remove();
        }

        @Override
        public Explanation explain(ExecLaunch launch, Origins origins) throws IOException {
            throw refused("runtime " + container.calls().program().name()
                    + " is another program: only the system calls of Gantry's own runtime can be explained");
        }

        /// Always: the other runtime's own processes are among the supervisors.
        @Override
        public boolean isExecuting() {
            return true;
        }

        @Override
        public ContainerProcess exec(ExecLaunch launch) throws IOException {
            if (main.hasEnded()) {
                throw refused("container " + container.id() + " is not running");
            } else if (container.belongings().cgroup().isFrozen()) {
                throw refused("container " + container.id() + " is paused");
            }
            ContainerState state = container.belongings().state();
            ExecRecords.Place place = state.execs().next();
            Bundle bundle = container.bundle();
            boolean executed = false;
            try (Handover handover = new Handover()) {
                Process process = granted(launch);
                Bundle.Answers answers = bundle.of(place.name());
                List<String> words =
                        container.calls().exec(answers, bundle.write(place.name(), process), container.id());
                StartedProcess runtime = container.run(
                        new Order(words, process, launch.openStdin(), null, answers),
                        handover,
                        place.statusFile(bundle.files(place.name())),
                        shim -> state.execs().prepare(place, new ExecRecords.Executed(launch.id(), shim)));
                StartedProcess started = executed(runtime, answers, process);
                executed = true;
                return started;
            } finally {
                if (!executed) {
                    bundle.remove(place.name());
                }
            }
        }

        private StartedProcess executed(StartedProcess runtime, Bundle.Answers answers, Process process)
                throws IOException {
            boolean started = false;
            try {
                StartedProcess result = container.awaitStart(runtime, answers, process, ExternalRuntime.UNLIMITED);
                started = true;
                return result;
            } finally {
                if (!started) {
                    runtime.kill(Signal.KILL);
                    runtime.drained();
                    runtime.close();
                }
            }
        }

        private Process granted(ExecLaunch launch) {
            Process process = launch.process();
            if (launch.privileged()) {
                return process.withCapabilities(capabilities.everything()).withoutApparmorProfile();
            }
            return process.capabilities() == null
                    ? process
                    : process.withCapabilities(capabilities.granted(process.capabilities()));
        }

        private static LaunchException refused(String message) {
            return new LaunchException("exec", message, null, LaunchException.SETUP);
        }
    }
}
