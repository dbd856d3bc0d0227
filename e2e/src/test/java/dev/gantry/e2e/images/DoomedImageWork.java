package dev.gantry.e2e.images;

import dev.gantry.e2e.DaemonUnderTest;
import dev.gantry.e2e.EndToEnd;
import dev.gantry.e2e.EngineConnection;
import dev.gantry.e2e.Waiting;
import dev.gantry.e2e.power.Archives;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// What clients do with images until their daemon is killed, and what it had acknowledged by then.
final class DoomedImageWork {
    private static final int MOST_ANSWERS = 12;
    private static final int LONGEST_PAUSE_MILLIS = 300;
    private static final Duration LONGEST_LIFE = Duration.ofSeconds(20);

    private final DaemonUnderTest daemon;
    private final String repository;
    private final byte[] archive;
    private final String prefix;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    /// Names that must be there, or must not: acknowledged last.
    private final Map<String, Boolean> acknowledged = new ConcurrentHashMap<>();

    /// @param repository in a registry, with the tags 1, 2 and 3
    /// @param archive a root file system
    /// @param prefix of names that no other round gives
    DoomedImageWork(DaemonUnderTest daemon, String repository, byte[] archive, String prefix) {
        this.daemon = daemon;
        this.repository = repository;
        this.archive = archive;
        this.prefix = prefix;
    }

    Map<String, Boolean> acknowledged() {
        return acknowledged;
    }

    /// How many requests were answered.
    int done() {
        return done.get();
    }

    /// Works on several connections, and kills the daemon in the middle of it.
    void workUntilKilled(Random random) throws IOException {
        AtomicBoolean over = new AtomicBoolean();
        List<Thread> workers = new ArrayList<>();
        for (Work work : List.<Work>of(
                this::pull,
                this::pull,
                this::importAndTag,
                this::importAndRemove,
                this::load,
                this::commit,
                this::push,
                this::prune)) {
            workers.add(Thread.ofVirtual().start(() -> untilItDies(over, work)));
        }
        // not always before the first answer, on a busy machine
        await(random.nextInt(MOST_ANSWERS));
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(LONGEST_PAUSE_MILLIS)));
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

    private void await(int answers) {
        long deadline = System.nanoTime() + Waiting.patience(LONGEST_LIFE).toNanos();
        while (done.get() < answers && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private interface Work {
        void run(EngineConnection connection, int number) throws IOException;
    }

    private void untilItDies(AtomicBoolean over, Work work) {
        try (EngineConnection connection = daemon.connect()) {
            while (!over.get()) {
                work.run(connection, next.getAndIncrement());
                done.incrementAndGet();
            }
        } catch (IOException _) {
            // that was its death
        }
    }

    private void pull(EngineConnection connection, int number) throws IOException {
        String tag = Integer.toString(1 + number % 3);
        connection.post("/images/create?fromImage=" + repository + "&tag=" + tag, null);
        remove(connection, repository + ":" + tag);
    }

    private void remove(EngineConnection connection, String name) throws IOException {
        connection.request("DELETE", "/images/" + name + "?force=1", null);
    }

    private void importAndTag(EngineConnection connection, int number) throws IOException {
        String name = prefix + "-kept";
        expect(name + ":" + number, true, importTo(connection, name, number));
        var tagged = connection.post("/images/" + name + ":" + number + "/tag?repo=" + name + "&tag=t" + number, null);
        expect(name + ":t" + number, true, tagged.status() == 201);
    }

    private void importAndRemove(EngineConnection connection, int number) throws IOException {
        String name = prefix + "-gone";
        if (importTo(connection, name, number)) {
            var removed = connection.request("DELETE", "/images/" + name + ":" + number, null);
            expect(name + ":" + number, false, removed.status() == 200);
        }
    }

    private void expect(String name, boolean there, boolean acknowledgement) {
        if (acknowledgement) {
            acknowledged.put(name, there);
        }
    }

    /// An image that is there whatever the others remove, with a file that no other image has.
    private void load(EngineConnection connection, int number) throws IOException {
        String name = prefix + "-loaded:" + number;
        byte[] image = Archives.image(name, marked("loaded " + name));
        EngineConnection.Response response = send(connection, "POST", "/images/load?quiet=1", image);
        expect(name, true, response.text().contains("Loaded image: " + name));
    }

    /// Of a container that is never started, with a file that was copied into it.
    private void commit(EngineConnection connection, int number) throws IOException {
        String base = prefix + "-base";
        if (!importTo(connection, base, number)) {
            return;
        }
        var created = connection.post(
                "/containers/create", "{\"Image\": \"%s:%d\", \"Cmd\": [\"true\"]}".formatted(base, number));
        if (created.status() != 201) {
            return;
        }
        String container = EndToEnd.json(created.text()).at("/Id").asString();
        send(connection, "PUT", "/containers/" + container + "/archive?path=/", marked("committed " + number));
        String name = prefix + "-committed";
        var committed = connection.post("/commit?container=%s&repo=%s&tag=%d".formatted(container, name, number), null);
        expect(name + ":" + number, true, committed.status() == 201);
        connection.request("DELETE", "/containers/" + container, null);
    }

    /// What is pushed is compressed, which gives the image another manifest.
    private void push(EngineConnection connection, int number) throws IOException {
        String name = repository.substring(0, repository.lastIndexOf('/') + 1) + prefix;
        if (importTo(connection, name, number)) {
            expect(name + ":" + number, true, true);
            connection.send(
                    "POST", "/images/%s/push?tag=%d".formatted(name, number), null, Map.of("X-Registry-Auth", "e30="));
            EngineConnection.Response _ = connection.receive(false);
        }
    }

    private boolean importTo(EngineConnection connection, String name, int number) throws IOException {
        EngineConnection.Response response = send(
                connection,
                "POST",
                "/images/create?fromSrc=-&repo=%s&tag=%d".formatted(name, number),
                marked(name + " " + number));
        return response.status() == 200 && response.text().contains("sha256:");
    }

    /// The archive; what is at its end makes it a layer of its own.
    private byte[] marked(String text) {
        byte[] body = archive.clone();
        byte[] mark = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(mark, 0, body, body.length - mark.length, mark.length);
        return body;
    }

    private static EngineConnection.Response send(EngineConnection connection, String method, String path, byte[] body)
            throws IOException {
        connection.write("%s %s HTTP/1.1\r\nHost: d\r\nContent-Type: application/x-tar\r\nContent-Length: %d\r\n\r\n"
                .formatted(method, path, body.length)
                .getBytes(StandardCharsets.UTF_8));
        connection.write(body);
        return connection.receive(false);
    }

    private void prune(EngineConnection connection, int number) throws IOException {
        connection.post("/images/prune", null);
    }
}
