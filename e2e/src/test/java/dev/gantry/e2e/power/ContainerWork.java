package dev.gantry.e2e.power;

import dev.gantry.e2e.BusyboxImage;
import dev.gantry.e2e.Waiting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// A client that creates, starts, ends, renames and removes containers, each with a restart policy and a volume that
/// gets what its image has.
///
/// What is told of a container is what is to be found after a power cut: its name, and `created`, `exited` with a code
/// (255 for one that ran) or `running` (its policy has started it again).
final class ContainerWork {
    private static final String IMAGE = "base:1";
    private static final String CONTAINER = "container ";
    /// A container's place among the policies, whatever its name.
    private static final String LABEL = "place";

    private static final List<String> POLICIES = List.of("no", "always", "unless-stopped", "no");
    private static final String CONTENT = "what the image has\n".repeat(3000);
    private static final String WHOLE = "whole";
    private static final String JSON = "application/json";

    private final Requests daemon;
    private final Events events;
    private final Random random;
    private final Map<String, String> found;

    /// @param found what [#find] has found
    ContainerWork(Requests daemon, Events events, Random random, Map<String, String> found) {
        this.daemon = daemon;
        this.events = events;
        this.random = random;
        this.found = found;
    }

    /// What there is of containers and volumes, once those run that are started with the daemon.
    static Map<String, String> find(Requests daemon) throws IOException {
        Waiting.until(
                Duration.ofMinutes(1),
                () -> containers(daemon).stream()
                        .noneMatch(each -> each.at("/State").asString().equals("restarting")),
                () -> "a container still is to be started");
        Map<String, String> found = new TreeMap<>();
        for (JsonNode each : containers(daemon)) {
            JsonNode container =
                    daemon.json("GET", "/containers/" + each.at("/Id").asString() + "/json");
            String status = container.at("/State/Status").asString();
            String code = status.equals("exited")
                    ? " " + container.at("/State/ExitCode").asInt()
                    : "";
            String name = container.at("/Name").asString().substring(1);
            found.put(CONTAINER + each.at("/Labels/" + LABEL).asString(), name + " " + status + code);
        }
        for (JsonNode each : daemon.json("GET", "/volumes").at("/Volumes")) {
            found.put(
                    each.at("/Name").asString(),
                    content(Path.of(each.at("/Mountpoint").asString())));
        }
        return found;
    }

    private static List<JsonNode> containers(Requests daemon) throws IOException {
        return daemon.json("GET", "/containers/json?all=1&filters={%22label%22:[%22" + LABEL + "%22]}")
                .valueStream()
                .toList();
    }

    private static String content(Path directory) throws IOException {
        Path file = directory.resolve("file");
        if (!Files.exists(file)) {
            return "empty";
        }
        byte[] content = Files.readAllBytes(file);
        return Arrays.equals(content, CONTENT.getBytes(StandardCharsets.US_ASCII))
                ? WHOLE
                : "torn, of %d bytes".formatted(content.length);
    }

    void run(int steps) {
        try {
            importImage();
            for (int i = 0; i < steps; i++) {
                next(random.nextInt(POLICIES.size()));
            }
        } catch (IOException | RuntimeException e) {
            events.tell(Events.PROBLEM, "containers: " + e);
        }
    }

    private void importImage() throws IOException {
        if (!daemon.ask("GET", "/images/json").contains('"' + IMAGE + '"')) {
            byte[] tar = BusyboxImage.tar(Map.of("content/file", CONTENT.getBytes(StandardCharsets.US_ASCII)))
                    .readAllBytes();
            events.tell(Events.BEGIN, "base", IMAGE, Events.PRESENT);
            daemon.send("POST", "/images/create?fromSrc=-&repo=base&tag=1", "application/x-tar", tar);
            String id =
                    daemon.json("GET", "/images/" + IMAGE + "/json").at("/Id").asString();
            events.tell(Events.DONE, "base", IMAGE, id);
        }
    }

    private void next(int place) throws IOException {
        String[] words = found.getOrDefault(CONTAINER + place, "").split(" ", 2);
        if (words.length < 2) {
            boolean removes = found.containsKey(volume(place)) && random.nextBoolean();
            if (removes) {
                volumeGoes(place);
            } else {
                create(place);
            }
        } else if (random.nextInt(4) == 0) {
            rename(place, words[0], words[1]);
        } else if (isRunning(words[0])) {
            kill(place, words[0]);
        } else if (random.nextInt(3) > 0) {
            start(place, words[0]);
        } else {
            remove(place, words[0]);
        }
    }

    private static String volume(int place) {
        return "volume" + place;
    }

    private boolean isRunning(String name) throws IOException {
        return daemon.json("GET", "/containers/" + name + "/json")
                .at("/State/Running")
                .asBoolean();
    }

    private interface Step {
        void run() throws IOException;
    }

    private void step(String what, String subject, String outcome, Step step) throws IOException {
        events.tell(Events.BEGIN, what, subject, outcome);
        step.run();
        events.tell(Events.DONE, what, subject, outcome);
        if (outcome.equals(Events.GONE)) {
            found.remove(subject);
        } else {
            found.put(subject, outcome);
        }
    }

    private void create(int place) throws IOException {
        String name = "box" + place;
        String request = """
                {"Image": "%s", "Cmd": ["sleep", "1000000"], "Labels": {"%s": "%d"},
                "HostConfig": {"NetworkMode": "none", "RestartPolicy": {"Name": "%s"}, "Binds": ["volume%d:/content"]}}""".formatted(IMAGE, LABEL, place, POLICIES.get(place), place);
        step(
                "create",
                CONTAINER + place,
                name + " created",
                () -> step("fill", volume(place), WHOLE, () -> {
                    byte[] body = request.getBytes(StandardCharsets.US_ASCII);
                    String _ = daemon.send("POST", "/containers/create?name=" + name, JSON, body);
                }));
    }

    private void start(int place, String name) throws IOException {
        String later = POLICIES.get(place).equals("no") ? " exited 255" : " running";
        step("start", CONTAINER + place, name + later, () -> daemon.ask("POST", "/containers/" + name + "/start"));
    }

    private void kill(int place, String name) throws IOException {
        boolean comesBack = POLICIES.get(place).equals("always");
        if (!comesBack) {
            // the wish is kept before the signal is sent: what then ends with the host is not started again
            events.tell(Events.BEGIN, "kill", CONTAINER + place, name + " exited 255");
        }
        step("kill", CONTAINER + place, name + (comesBack ? " running" : " exited 137"), () -> {
            daemon.ask("POST", "/containers/" + name + "/kill");
            daemon.ask("POST", "/containers/" + name + "/wait");
        });
    }

    private void rename(int place, String name, String state) throws IOException {
        String other = name.endsWith("-renamed") ? "box" + place : name + "-renamed";
        step(
                "rename",
                CONTAINER + place,
                other + " " + state,
                () -> daemon.ask("POST", "/containers/%s/rename?name=%s".formatted(name, other)));
    }

    private void remove(int place, String name) throws IOException {
        step("rm", CONTAINER + place, Events.GONE, () -> daemon.ask("DELETE", "/containers/" + name));
    }

    private void volumeGoes(int place) throws IOException {
        step("volume rm", volume(place), Events.GONE, () -> daemon.ask("DELETE", "/volumes/" + volume(place)));
    }

    /// Removes everything of this client's.
    static void empty(Requests daemon) throws IOException {
        for (JsonNode each : containers(daemon)) {
            daemon.ask("DELETE", "/containers/" + each.at("/Id").asString() + "?force=1");
        }
        for (JsonNode each : daemon.json("GET", "/volumes").at("/Volumes")) {
            daemon.ask("DELETE", "/volumes/" + each.at("/Name").asString());
        }
    }
}
