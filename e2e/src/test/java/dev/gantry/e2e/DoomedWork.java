package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/// What clients do until their daemon is killed, and what it had acknowledged by then.
final class DoomedWork {
    /// Lines that each numbering container writes.
    static final int LINES = 20_000;
    /// Lines of `yes` that each shouting container writes.
    static final int SHOUTS = 100_000;

    private static final int LONGEST_LIFE_MILLIS = 900;
    private static final Duration START = Duration.ofSeconds(10);

    private final DaemonUnderTest daemon;
    private final String steady;
    private final Map<String, Integer> started = new ConcurrentHashMap<>();
    private final Map<String, Integer> shouting = new ConcurrentHashMap<>();
    private final Map<String, Integer> executed = new ConcurrentHashMap<>();
    private final Map<String, String> attached = new ConcurrentHashMap<>();
    private final Queue<String> unsure = new ConcurrentLinkedQueue<>();

    /// @param steady a container that runs, for execs
    DoomedWork(DaemonUnderTest daemon, String steady) {
        this.daemon = daemon;
        this.steady = steady;
    }

    /// Containers that write the numbers up to [#LINES], with the exit codes that they are to end with.
    Map<String, Integer> started() {
        return started;
    }

    /// Containers that write [#SHOUTS] lines, with the exit codes that they are to end with.
    Map<String, Integer> shouting() {
        return shouting;
    }

    /// Execs with the exit codes that they are to end with.
    Map<String, Integer> executed() {
        return executed;
    }

    /// What clients read that were attached to a container from before its start.
    Map<String, String> attached() {
        return attached;
    }

    /// Containers whose start was asked for and not acknowledged.
    Queue<String> unsure() {
        return unsure;
    }

    /// Works on several connections, and kills the daemon in the middle of it.
    void workUntilKilled(Random random) throws IOException {
        AtomicBoolean over = new AtomicBoolean();
        List<Thread> workers = new ArrayList<>();
        for (Work work : List.<Work>of(this::execute, this::count, this::countAttached, this::shout)) {
            workers.add(Thread.ofVirtual().start(() -> untilItDies(over, work)));
        }
        if (random.nextInt(3) > 0) {
            // not always before the first start, on a busy machine
            awaitStart();
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20 + random.nextInt(LONGEST_LIFE_MILLIS)));
        daemon.end("KILL");
        over.set(true);
        for (Thread worker : workers) {
            try {
                worker.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }
    }

    private void awaitStart() {
        long deadline = System.nanoTime() + Waiting.patience(START).toNanos();
        while (started.isEmpty() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private interface Work {
        void run(EngineConnection connection) throws IOException;
    }

    private void untilItDies(AtomicBoolean over, Work work) {
        try (EngineConnection connection = daemon.connect()) {
            while (!over.get()) {
                work.run(connection);
            }
        } catch (IOException _) {
            // that was its death
        }
    }

    static String create(EngineConnection connection, String script) throws IOException {
        var response = connection.post("/containers/create", """
                {"Image": "busybox", "Cmd": ["sh", "-c", "%s"], "HostConfig": {"NetworkMode": "none"}}""".formatted(script));
        assertThat(response.status()).as(response::text).isEqualTo(201);
        return EndToEnd.json(response.text()).at("/Id").asString();
    }

    private static String counting(int code) {
        return "seq 1 10000; sleep 0.1; seq 10001 " + LINES + "; exit " + code;
    }

    private void start(EngineConnection connection, String id, Map<String, Integer> among, int code)
            throws IOException {
        unsure.add(id);
        if (connection.post("/containers/" + id + "/start", null).status() == 204) {
            among.put(id, code);
            unsure.remove(id);
        }
    }

    private void count(EngineConnection connection) throws IOException {
        int code = 3 + started.size() % 100;
        start(connection, create(connection, counting(code)), started, code);
    }

    private void shout(EngineConnection connection) throws IOException {
        int code = 3 + shouting.size() % 100;
        start(connection, create(connection, "yes | head -n " + SHOUTS + "; exit " + code), shouting, code);
    }

    private void countAttached(EngineConnection connection) throws IOException {
        int code = 3 + started.size() % 100;
        String id = create(connection, counting(code));
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        try (EngineConnection attachment = daemon.connect()) {
            Map<String, String> upgrade = Map.of("Connection", "Upgrade", "Upgrade", "tcp");
            attachment.send("POST", "/containers/" + id + "/attach?stream=1&stdout=1", null, upgrade);
            assertThat(attachment.receiveHead().status()).isEqualTo(101);
            start(connection, id, started, code);
            DataInputStream frames = new DataInputStream(attachment.stream());
            while (true) {
                frames.skipNBytes(4);
                read.writeBytes(frames.readNBytes(frames.readInt()));
            }
        } catch (IOException _) {
            // its end, or the daemon's
        } finally {
            attached.put(id, read.toString(StandardCharsets.UTF_8));
        }
    }

    private void execute(EngineConnection connection) throws IOException {
        int code = 3 + executed.size() % 100;
        String body = "{\"Cmd\": [\"sh\", \"-c\", \"sleep 0.3; exit " + code + "\"]}";
        var created = connection.post("/containers/" + steady + "/exec", body);
        String id = EndToEnd.json(created.text()).at("/Id").asString();
        if (connection.post("/exec/" + id + "/start", "{\"Detach\": true}").status() == 200) {
            executed.put(id, code);
        }
    }
}
