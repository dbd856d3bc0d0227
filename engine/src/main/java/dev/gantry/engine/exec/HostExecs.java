package dev.gantry.engine.exec;

import dev.gantry.engine.Attachment;
import dev.gantry.engine.EngineException;
import dev.gantry.engine.EngineException.Conflict;
import dev.gantry.engine.EngineException.Failed;
import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.engine.EngineException.NotFound;
import dev.gantry.engine.Execs;
import dev.gantry.engine.container.Container;
import dev.gantry.engine.container.ContainerNames;
import dev.gantry.engine.container.LifeEvents;
import dev.gantry.engine.container.Registry;
import dev.gantry.engine.exec.ExecSession.Stage;
import dev.gantry.engine.request.ExecConfig;
import dev.gantry.engine.request.ExecStart;
import dev.gantry.engine.state.LifeCycle;
import dev.gantry.engine.stream.DetachKeys;
import dev.gantry.engine.stream.ProcessStreams;
import dev.gantry.engine.view.ExecView;
import dev.gantry.engine.view.ExplanationView;
import dev.gantry.runtime.Adopted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;

/// The execs of this host.
public final class HostExecs implements Execs {
    /// How long the exit code of an exec is kept for who asks.
    private static final Duration KEPT = Duration.ofMinutes(5);

    /// Of how many it is kept at most: a health check by the second must not grow the daemon.
    private static final int MOST = 500;

    private final Registry containers;
    private final ContainerNames names;
    private final ExecRunner runner;
    private final LifeEvents events;
    private final SessionFiles files;
    private final Map<String, ExecSession> sessions = new ConcurrentHashMap<>();

    /// Those that nobody has started yet.
    private final Set<ExecSession> waiting = ConcurrentHashMap.newKeySet();

    /// In the order of their end.
    private final Queue<ExecSession> ended = new LinkedBlockingQueue<>();

    /// @param directory where is kept what a later daemon needs
    public HostExecs(Registry containers, ContainerNames names, ExecRunner runner, LifeEvents events, Path directory)
            throws IOException {
        this.containers = containers;
        this.names = names;
        this.runner = runner;
        this.events = events;
        this.files = new SessionFiles(directory);
        files.read().forEach(this::recover);
        sessions.values().stream()
                .filter(session -> session.stage() instanceof Stage.Ended)
                .sorted(Comparator.comparing(HostExecs::endOf))
                .forEach(ended::add);
        forgetOld();
    }

    /// An exec of an earlier daemon. One that ran is ended unless [#resume] finds its process.
    private void recover(SessionFiles.Found found) {
        SessionFiles.SessionRecord known = found.session();
        Optional<Container> container = containers.find(known.container());
        if (container.isEmpty()) {
            files.remove(found.id()); // its container is gone
            return;
        }
        var session = new ExecSession(found.id(), container.get(), known.config(), known.healthCheck());
        SessionFiles.Ended end = known.ended();
        if (end == null) {
            waiting.add(session);
        } else {
            session.become(new Stage.Ended(end.exitCode(), end.at()));
        }
        sessions.put(session.id(), session);
    }

    /// Goes on with what an earlier daemon has executed in a container.
    public void resume(Container container, List<Adopted.Exec> execs) {
        for (Adopted.Exec each : execs) {
            ExecSession session = sessions.get(each.id());
            if (session != null && session.isHealthCheck()) {
                forget(session); // nobody waits for what it says
                runner.end(container, each);
            } else if (session != null && session.stage() instanceof Stage.Created) {
                take(session);
                runner.watch(session, each.process(), code -> ended(session, code));
            } else {
                runner.end(container, each);
            }
        }
    }

    @Override
    public String create(String ref, ExecConfig config) {
        Container container = running(ref, config);
        DetachKeys _ = DetachKeys.parse(config.detachKeys());
        return create(container, config, false).id();
    }

    private ExecSession create(Container container, ExecConfig config, boolean healthCheck) {
        forgetOld();
        var session = new ExecSession(names.newId(), container, config, healthCheck);
        files.write(session);
        sessions.put(session.id(), session);
        waiting.add(session);
        publish(session, "exec_create: " + words(config));
        return session;
    }

    /// Begins a health check: an exec like any other, but that the next daemon ends it.
    HealthProbe probe(Container container, ExecConfig config) {
        requireRunning(container);
        ExecSession session = create(container, config, true);
        return new HealthProbe(session, start(session.id(), new ExecStart(false, false, null)));
    }

    @Override
    public ExplanationView explain(String ref, ExecConfig config) {
        return runner.explain(running(ref, config), config);
    }

    private Container running(String ref, ExecConfig config) {
        Container container = containers.get(ref);
        if (config.cmd().isEmpty()) {
            throw new Invalid("No exec command specified");
        }
        requireRunning(container);
        return container;
    }

    /// The program and its arguments; Docker has the space between them also where there are none.
    private static String words(ExecConfig config) {
        List<String> words = config.cmd();
        return words.getFirst() + " " + String.join(" ", words.subList(1, words.size()));
    }

    private static void requireRunning(Container container) {
        var _ = container.running();
        if (container.state() instanceof LifeCycle.Paused) {
            throw new Conflict("container " + container.id() + " is paused, unpause the container before exec");
        }
    }

    private void forgetOld() {
        Instant limit = Instant.now().minus(KEPT);
        ExecSession eldest = ended.peek();
        while (eldest != null && (ended.size() > MOST || endOf(eldest).isBefore(limit))) {
            if (ended.remove(eldest)) {
                forget(eldest);
            }
            eldest = ended.peek();
        }
        for (ExecSession session : waiting) {
            if (session.container().run() == null) {
                forget(session);
            }
        }
    }

    private void forget(ExecSession session) {
        waiting.remove(session);
        sessions.remove(session.id());
        files.remove(session.id());
    }

    private static Instant endOf(ExecSession session) {
        return session.stage() instanceof Stage.Ended(int _, Instant at) ? at : Instant.MAX;
    }

    @Override
    public Attachment start(String id, ExecStart start) {
        ExecSession session = get(id);
        requireRunning(session.container());
        take(session);
        ExecConfig config = session.config();
        Attachment attachment = session.streams()
                .join(new ProcessStreams.Join(
                        config.attachStdin(),
                        config.attachStdout(),
                        config.attachStderr(),
                        DetachKeys.parse(config.detachKeys()),
                        () -> publish(session, "exec_detach")));
        try {
            run(session, start);
            return attachment;
        } catch (EngineException e) {
            attachment.close();
            throw e;
        }
    }

    @Override
    public void startDetached(String id, ExecStart start) {
        ExecSession session = get(id);
        requireRunning(session.container());
        take(session);
        run(session, start);
    }

    private void take(ExecSession session) {
        session.requireFirstStart();
        waiting.remove(session);
    }

    private void run(ExecSession session, ExecStart start) {
        List<Integer> size = Objects.requireNonNullElse(
                start.consoleSize() == null ? session.config().consoleSize() : start.consoleSize(), List.of());
        publish(session, "exec_start: " + words(session.config()));
        runner.run(session, size, code -> ended(session, code));
    }

    private void ended(ExecSession session, int code) {
        events.publish(
                session.container(), "exec_die", Map.of("execID", session.id(), "exitCode", Integer.toString(code)));
        session.streams().end();
        files.write(session);
        ended.add(session);
    }

    private void publish(ExecSession session, String action) {
        events.publish(session.container(), action, Map.of("execID", session.id()));
    }

    @Override
    public ExecView inspect(String id) {
        return get(id).view();
    }

    @Override
    public void resize(String id, int rows, int columns) {
        ExecSession session = get(id);
        if (!(session.stage() instanceof Stage.Running running)) {
            throw new Conflict("exec process is not started");
        }
        try {
            running.process().resize(rows, columns);
        } catch (IOException | IllegalStateException e) {
            throw new Failed("resize of exec " + id + ": " + e.getMessage(), e);
        }
    }

    /// The execs that run in a container.
    public List<String> runningIn(String container) {
        return sessions.values().stream()
                .filter(session -> session.container().id().equals(container))
                .filter(session -> session.stage() instanceof Stage.Running)
                .map(ExecSession::id)
                .toList();
    }

    /// How many execs there are, ended ones included.
    public int count() {
        return sessions.size();
    }

    /// Files that belong to no exec, and not to one that is being created.
    public List<Path> strangeFiles() throws IOException {
        return files.settled().stream().filter(this::isStrange).toList();
    }

    private boolean isStrange(Path file) {
        return !sessions.containsKey(file.getFileName().toString());
    }

    /// Removes a file that belongs to no exec.
    public void removeStrangeFile(Path file) throws IOException {
        if (!isStrange(file)) {
            throw new IOException("an exec has it now");
        }
        Files.deleteIfExists(file);
    }

    private ExecSession get(String id) {
        ExecSession session = sessions.get(id);
        if (session == null) {
            throw new NotFound("No such exec instance: " + id);
        }
        return session;
    }
}
