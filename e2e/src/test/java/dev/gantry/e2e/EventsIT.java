package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// `events`: what happened, as it happens and afterwards.
@EverySetup
class EventsIT extends EndToEnd {
    private static final String ACTION = "{{.Action}}";

    @Test
    void tellTheLifeOfAContainerInOrder() throws IOException {
        Instant begin = Instant.now();
        String name = newName();
        ok("run", "-d", "--name", name, IMAGE, "sh", "-c", "exit 4");
        ok("wait", name);
        ok("rm", name);
        assertThat(past(begin, ACTION, "container=" + name)).containsExactly("create", "start", "die", "destroy");
        assertThat(past(begin, "{{.Actor.Attributes.exitCode}}", "container=" + name, "event=die"))
                .containsExactly("4");
    }

    @Test
    void tellWhatIsDoneToAContainer() throws IOException {
        Instant begin = Instant.now();
        String name = background("sleep 60");
        ok("exec", name, "true");
        ok("pause", name);
        ok("unpause", name);
        ok("rename", name, name + "-b");
        ok("restart", "-t", "0", name + "-b");
        ok("kill", name + "-b");
        List<String> actions = past(begin, ACTION, "type=container");
        assertThat(actions)
                .containsSubsequence(
                        "create",
                        "start",
                        "exec_create: true ",
                        "exec_start: true ",
                        "exec_die",
                        "pause",
                        "unpause",
                        "rename",
                        "kill",
                        "die",
                        "stop",
                        "start",
                        "restart",
                        "kill",
                        "die");
    }

    @Test
    void comeAsTheyHappen() throws IOException {
        try (Command events = setup.client().start("events", "-f", "event=start", "--format", "{{json .}}")) {
            String name = awaitFirst(events);
            JsonNode event = json(events.outSoFar().lines().findFirst().orElseThrow());
            assertThat(event.at("/Type").asString()).isEqualTo("container");
            assertThat(event.at("/Action").asString()).isEqualTo("start");
            assertThat(event.at("/Actor/ID").asString()).matches("[0-9a-f]{64}");
            assertThat(event.at("/Actor/Attributes/name").asString()).isEqualTo(name);
            assertThat(event.at("/Actor/Attributes/image").asString()).isEqualTo(IMAGE);
            assertThat(event.at("/timeNano").asLong()).isPositive();
        }
    }

    /// Whether the client listens already cannot be seen: containers are started until one is told of.
    private String awaitFirst(Command events) {
        List<String> names = new ArrayList<>();
        Waiting.until(
                () -> {
                    if (events.outSoFar().isEmpty()) {
                        names.add(background("true", "--rm"));
                    }
                    return events.outSoFar().endsWith("\n");
                },
                () -> "no event: " + events.errSoFar());
        String told = events.outSoFar();
        return names.stream()
                .filter(name -> told.contains("\"" + name + "\""))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void areFilteredByLabelImageAndType() throws IOException {
        Instant begin = Instant.now();
        background("true", "--rm", "-l", "color=red");
        background("true", "--rm", "-l", "color=blue");
        ok("tag", IMAGE, "events-test");
        ok("rmi", "events-test");
        assertThat(past(begin, "{{.Actor.Attributes.color}}", "event=start", "label=color=red"))
                .containsExactly("red");
        assertThat(past(begin, "{{.Actor.Attributes.color}}", "event=start", "image=" + IMAGE))
                .containsExactly("red", "blue");
        assertThat(past(begin, ACTION, "type=image")).containsExactly("tag", "untag");
        assertThat(past(begin, ACTION, "event=start", "type=image")).isEmpty();
    }

    @Test
    void areShownAsLinesForPeople() throws IOException {
        Instant begin = Instant.now();
        String name = background("true");
        ok("wait", name);
        String id = inspect(name).at("/Id").asString();
        assertThat(ok("events", "--since", seconds(begin), "--until", seconds(Instant.now()), "-f", "event=start"))
                .matches("\\d{4}-\\d\\d-\\d\\dT\\S+ container start " + id + " \\(image=busybox, name=" + name + "\\)");
    }

    private List<String> past(Instant since, String format, String... filters) throws IOException {
        List<String> words = new ArrayList<>(List.of("events", "--format", format));
        words.addAll(List.of("--since", seconds(since), "--until", seconds(Instant.now())));
        for (String filter : filters) {
            words.addAll(List.of("--filter", filter));
        }
        return ok(words.toArray(String[]::new)).lines().toList();
    }

    private static String seconds(Instant time) {
        return "%d.%09d".formatted(time.getEpochSecond(), time.getNano());
    }
}
