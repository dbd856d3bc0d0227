package dev.gantry.e2e.power;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.json.JsonMapper;

/// One of the clients that work on the store at the same time. Each has names of its own, so that what may be found
/// after a power cut is known, but the images that they pull are the same.
final class Work {
    /// The registry's.
    static final int PORT = 5000;
    /// Two names of the registry: one for each worker.
    static final List<String> HOSTS = List.of("127.0.0.1:" + PORT, "localhost:" + PORT);
    /// What is in the registry.
    static final List<String> REPOSITORIES = List.of("one", "two");

    private static final String TAR = "application/x-tar";
    private static final JsonMapper JSON = new JsonMapper();

    private final Requests daemon;
    private final Events events;
    private final String host;
    private final Random random;
    private final Archives archives;
    /// Those of this worker that are there, with their images.
    private final Map<String, String> mine = new HashMap<>();

    Work(Requests daemon, Events events, String host, Random random, Map<String, String> names) {
        this.daemon = daemon;
        this.events = events;
        this.host = host;
        this.random = random;
        this.archives = new Archives(random);
        names.forEach((name, id) -> {
            if (name.startsWith(host + "/")) {
                mine.put(name, id);
            }
        });
    }

    void run(int steps) {
        try {
            for (int i = 0; i < steps; i++) {
                next();
            }
        } catch (IOException | RuntimeException e) {
            events.tell(Events.PROBLEM, "work: " + e);
        }
    }

    private void next() throws IOException {
        // what there is nothing for yet comes last
        int choice = random.nextInt(mine.isEmpty() ? 5 : 9);
        switch (choice) {
            case 0, 1 -> put("pull", host + "/" + any(REPOSITORIES) + ":1", this::pull);
            case 2 -> put("import", oneOf("import"), this::importTar);
            case 3, 4 -> put("load", oneOf("load"), this::load);
            case 5 -> put("tag", oneOf("tag"), this::tag);
            case 6 -> put("commit", oneOf("commit"), this::commit);
            case 7 -> remove(any(List.copyOf(mine.keySet())));
            default -> prune();
        }
    }

    private String oneOf(String repository) {
        return "%s/%s:%d".formatted(host, repository, random.nextInt(2));
    }

    private <T> T any(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private interface Step {
        void run(String repository, String tag) throws IOException;
    }

    /// A step that gives an image this name.
    private void put(String what, String name, Step step) throws IOException {
        events.tell(Events.BEGIN, what, name, Events.PRESENT);
        int colon = name.lastIndexOf(':');
        step.run(name.substring(0, colon), name.substring(colon + 1));
        String id = daemon.json("GET", "/images/" + name + "/json").at("/Id").asString();
        events.tell(Events.DONE, what, name, id);
        mine.put(name, id);
    }

    private void pull(String repository, String tag) throws IOException {
        daemon.ask("POST", "/images/create?fromImage=%s&tag=%s".formatted(repository, tag));
    }

    private void importTar(String repository, String tag) throws IOException {
        daemon.send("POST", "/images/create?fromSrc=-&repo=%s&tag=%s".formatted(repository, tag), TAR, archives.tar());
    }

    private void load(String repository, String tag) throws IOException {
        daemon.send("POST", "/images/load?quiet=1", TAR, archives.image(repository + ":" + tag));
    }

    private void tag(String repository, String tag) throws IOException {
        String image = any(List.copyOf(mine.keySet()));
        daemon.ask("POST", "/images/%s/tag?repo=%s&tag=%s".formatted(image, repository, tag));
    }

    private void commit(String repository, String tag) throws IOException {
        String create = "{\"Image\": \"%s\", \"Cmd\": [\"true\"], \"HostConfig\": {\"NetworkMode\": \"none\"}}"
                .formatted(any(List.copyOf(mine.keySet())));
        String created = daemon.send(
                "POST", "/containers/create", "application/json", create.getBytes(StandardCharsets.US_ASCII));
        String container = JSON.readTree(created).at("/Id").asString();
        daemon.send("PUT", "/containers/" + container + "/archive?path=/", TAR, archives.tar());
        daemon.ask("POST", "/commit?container=%s&repo=%s&tag=%s".formatted(container, repository, tag));
        daemon.ask("DELETE", "/containers/" + container);
    }

    private void remove(String name) throws IOException {
        events.tell(Events.BEGIN, "remove", name, Events.GONE);
        daemon.ask("DELETE", "/images/" + name);
        events.tell(Events.DONE, "remove", name, Events.GONE);
        mine.remove(name);
    }

    private void prune() throws IOException {
        events.tell(Events.BEGIN, "prune", host, Events.GONE);
        daemon.ask("POST", "/images/prune");
        events.tell(Events.DONE, "prune", host, Events.GONE);
    }
}
