package dev.gantry.engine.exec;

import dev.gantry.engine.EngineException.Conflict;
import dev.gantry.engine.container.Container;
import dev.gantry.engine.request.ExecConfig;
import dev.gantry.engine.stream.ProcessStreams;
import dev.gantry.engine.view.ExecView;
import dev.gantry.runtime.ContainerProcess;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// One exec, from its creation until it is forgotten.
final class ExecSession {
    private final String id;
    private final Container container;
    private final ExecConfig config;
    private final boolean healthCheck;
    private final ProcessStreams streams;
    private final AtomicReference<Stage> stage = new AtomicReference<>(new Stage.Created());

    /// What an exec does at the moment.
    sealed interface Stage {
        /// It waits to be started.
        record Created() implements Stage {}

        /// It is being started.
        record Starting() implements Stage {}

        /// Its process runs.
        record Running(ContainerProcess process) implements Stage {}

        /// Its process has ended, or could not be executed.
        record Ended(int exitCode, Instant at) implements Stage {}
    }

    /// @param healthCheck whether it is one, and not a user's
    ExecSession(String id, Container container, ExecConfig config, boolean healthCheck) {
        this.id = id;
        this.container = container;
        this.config = config;
        this.healthCheck = healthCheck;
        this.streams = new ProcessStreams(config.tty(), true);
    }

    String id() {
        return id;
    }

    Container container() {
        return container;
    }

    ExecConfig config() {
        return config;
    }

    boolean isHealthCheck() {
        return healthCheck;
    }

    ProcessStreams streams() {
        return streams;
    }

    Stage stage() {
        return stage.get();
    }

    void become(Stage next) {
        stage.set(next);
    }

    /// Takes the one start that an exec has.
    ///
    /// @throws Conflict when it was taken before
    void requireFirstStart() {
        Stage now = stage.get();
        if (!(now instanceof Stage.Created) || !stage.compareAndSet(now, new Stage.Starting())) {
            String text = now instanceof Stage.Ended ? " has already run" : " is already running";
            throw new Conflict("Error: Exec command " + id + text);
        }
    }

    ExecView view() {
        Stage now = stage.get();
        @Nullable Integer exitCode = now instanceof Stage.Ended ended ? Integer.valueOf(ended.exitCode()) : null;
        int pid = now instanceof Stage.Running(ContainerProcess process) ? process.pid() : 0;
        return new ExecView(
                id,
                now instanceof Stage.Starting || now instanceof Stage.Running,
                exitCode,
                new ExecView.ProcessConfig(
                        config.tty(),
                        config.cmd().getFirst(),
                        config.cmd().subList(1, config.cmd().size()),
                        config.privileged(),
                        config.user()),
                config.attachStdin(),
                config.attachStderr(),
                config.attachStdout(),
                now instanceof Stage.Ended,
                container.id(),
                config.detachKeys() == null ? "" : config.detachKeys(),
                pid);
    }
}
