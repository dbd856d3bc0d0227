package dev.gantry.engine.exec;

import dev.gantry.engine.EngineException;
import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.engine.container.Container;
import dev.gantry.engine.container.Run;
import dev.gantry.engine.exec.ExecSession.Stage;
import dev.gantry.engine.explain.ExecOrigins;
import dev.gantry.engine.explain.ExplanationViews;
import dev.gantry.engine.request.ExecConfig;
import dev.gantry.engine.shortage.Shortage;
import dev.gantry.engine.spec.ExecBuilder;
import dev.gantry.engine.spec.Identity;
import dev.gantry.engine.stream.OutputPump;
import dev.gantry.engine.user.UserLookup;
import dev.gantry.engine.view.ExplanationView;
import dev.gantry.kernel.Signal;
import dev.gantry.oci.runtime.Process;
import dev.gantry.oci.runtime.Rlimit;
import dev.gantry.runtime.Adopted;
import dev.gantry.runtime.ContainerProcess;
import dev.gantry.runtime.ExecLaunch;
import dev.gantry.runtime.LaunchException;
import dev.gantry.store.space.FullDisk;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.List;
import java.util.function.IntConsumer;

/// Starts the processes of execs and watches them to their ends.
public final class ExecRunner {
    private static final System.Logger LOGGER = System.getLogger(ExecRunner.class.getName());

    /// The code of a process that could not be made, and of one whose end is not known.
    private static final int NOT_EXECUTED = 126;

    private static final int UNKNOWN = 255;

    private final ExecBuilder processes;

    public ExecRunner(ExecBuilder processes) {
        this.processes = processes;
    }

    /// Starts a process; returns when its program has been executed.
    ///
    /// @param onEnd told the exit code, when the session has ended; lets its clients go
    void run(ExecSession session, List<Integer> consoleSize, IntConsumer onEnd) {
        ContainerProcess process;
        try {
            process = launch(session, consoleSize);
        } catch (IOException e) {
            int code = e instanceof LaunchException launch && launch.exitCode() != LaunchException.SETUP
                    ? launch.exitCode()
                    : NOT_EXECUTED;
            IOException why = FullDisk.explained(e, session.container().files().journals());
            throw notRun(session, new Invalid("OCI runtime exec failed: " + why.getMessage(), why), code, onEnd);
        } catch (EngineException e) {
            throw notRun(session, e, NOT_EXECUTED, onEnd);
        }
        watch(session, process, onEnd);
    }

    /// Goes on with a process that an earlier daemon has started.
    void watch(ExecSession session, ContainerProcess process, IntConsumer onEnd) {
        session.become(new Stage.Running(process));
        session.streams().begin(process.stdin());
        OutputPump pump = OutputPump.start(process, session.streams());
        Thread _ = Thread.ofVirtual()
                .name("exec-" + session.id().substring(0, 12))
                .start(() -> supervise(session, process, pump, onEnd));
    }

    private static EngineException notRun(ExecSession session, EngineException failure, int code, IntConsumer onEnd) {
        session.become(new Stage.Ended(code, Instant.now()));
        onEnd.accept(code);
        return failure;
    }

    private ContainerProcess launch(ExecSession session, List<Integer> consoleSize) throws IOException {
        Run run = session.container().running();
        ExecConfig config = session.config();
        Process process = process(session.container(), run, config, consoleSize);
        return run.process().exec(new ExecLaunch(session.id(), process, config.attachStdin(), config.privileged()));
    }

    /// What [#run] would do.
    ExplanationView explain(Container container, ExecConfig config) {
        try {
            Run run = container.running();
            List<Integer> size = config.consoleSize() == null ? List.of() : config.consoleSize();
            Process process = process(container, run, config, size);
            List<String> limits = process.rlimits().stream().map(Rlimit::type).toList();
            return ExplanationViews.of(run.process()
                    .explain(
                            new ExecLaunch(process, config.attachStdin(), config.privileged()),
                            ExecOrigins.of(config, limits)));
        } catch (IOException e) {
            throw new Invalid("OCI runtime exec failed: " + e.getMessage(), e);
        }
    }

    private Process process(Container container, Run run, ExecConfig config, List<Integer> consoleSize)
            throws IOException {
        var definition = container.definition();
        String user = config.user().isEmpty() ? definition.config().user() : config.user();
        Identity identity = UserLookup.resolve(
                run.process().root(), user, definition.host().security().groupAdd());
        return processes.build(run.main(), definition.config(), definition.host(), config, identity, consoleSize);
    }

    /// Ends a process of an earlier daemon's that is no session's any more: its end was recorded, or it is not known.
    void end(Container container, Adopted.Exec exec) {
        Thread _ = Thread.ofVirtual().name("exec-end").start(() -> {
            try (ContainerProcess process = exec.process()) {
                process.kill(Signal.KILL);
                process.awaitExit();
                process.drained();
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, "ending exec " + exec.id() + " of container " + container.id(), e);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static void supervise(ExecSession session, ContainerProcess process, OutputPump pump, IntConsumer onEnd) {
        try (process) {
            int code = awaitExit(session, process);
            pump.awaitEnd();
            // before its clients are let go: they ask for the code at once
            session.become(new Stage.Ended(code, Instant.now()));
            onEnd.accept(code);
            // until then a later daemon would have the code from the supervisor
            process.drained();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "letting go of exec " + session.id(), e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static int awaitExit(ExecSession session, ContainerProcess process) throws InterruptedException {
        try {
            return Shortage.outlast(process::awaitExit).code();
        } catch (IOException e) {
            LOGGER.log(Level.ERROR, "the end of exec " + session.id(), e);
            return UNKNOWN;
        }
    }
}
