package dev.gantry.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.EndToEnd;
import dev.gantry.e2e.EngineConnection;
import dev.gantry.e2e.EveryDaemon;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;

/// What is refused, with which status and words: the same on dockerd, or different for a reason that is written down.
@EveryDaemon
class RefusalsIT extends EndToEnd {
    private final Map<String, String> ids = new LinkedHashMap<>();

    @BeforeEach
    void makeContainersOfEveryState() throws IOException {
        for (String name : List.of("stopped", "running", "paused", "tty")) {
            String body = "{\"Image\":\"busybox\",\"Cmd\":[\"sleep\",\"1000\"],\"Tty\":" + name.equals("tty")
                    + ",\"HostConfig\":{\"NetworkMode\":\"none\"}}";
            EngineConnection.Response made = ask("POST", "/containers/create?name=" + name, body);
            assertThat(made.status()).as(made.text()).isEqualTo(201);
            ids.put(name, json(made.text()).get("Id").stringValue());
        }
        ask("POST", "/containers/running/start", null);
        ask("POST", "/containers/paused/start", null);
        ask("POST", "/containers/paused/pause", null);
    }

    private EngineConnection.Response ask(String method, String path, @Nullable String json) throws IOException {
        try (EngineConnection connection = setup.daemon().connect()) {
            return connection.request(method, path, json);
        }
    }

    @Test
    void answerAsTheTableSays() throws IOException {
        List<String> differences = new ArrayList<>();
        for (Refusal refusal : Refusal.all()) {
            EngineConnection.Response answer = ask(refusal.method(), refusal.path(), refusal.json());
            Refusal.Answer wanted = refusal.of(setup.daemon().kind());
            String message = named(message(answer.text()));
            if (!wanted.fits(answer.status(), message)) {
                differences.add("%s %s %s%n  want %s%n  got  %d %s"
                        .formatted(refusal.method(), refusal.path(), refusal.json(), wanted, answer.status(), message));
            }
        }
        assertThat(differences).as(setup.toString()).isEmpty();
    }

    /// The error's text; what is no error stands for itself.
    private static String message(String body) {
        try {
            return body.startsWith("{") && json(body).has("message")
                    ? json(body).get("message").asString().strip()
                    : body.strip();
        } catch (JacksonException _) {
            return body.strip();
        }
    }

    private String named(String text) {
        String named = text;
        for (Map.Entry<String, String> id : ids.entrySet()) {
            named = named.replace(id.getValue(), "<" + id.getKey() + ">");
        }
        return named;
    }
}
