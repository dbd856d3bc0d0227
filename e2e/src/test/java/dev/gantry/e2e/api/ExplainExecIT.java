package dev.gantry.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.EndToEnd;
import dev.gantry.e2e.EngineConnection;
import dev.gantry.e2e.GantryDaemon;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What `gantry explain exec` asks the daemon.
@GantryDaemon
class ExplainExecIT extends EndToEnd {
    private EngineConnection.Response explain(String container, String config) throws IOException {
        try (EngineConnection connection = setup.daemon().connect()) {
            return connection.request("POST", "/gantry/explain/" + container + "/exec", config);
        }
    }

    @Test
    void tellsTheCallsAndTheirReasonsAndExecutesNothing() throws IOException {
        String name = background("exec sleep 60");
        EngineConnection.Response answer = explain(
                name,
                "{\"Cmd\": [\"touch\", \"/made\"], \"User\": \"1000:1001\", \"WorkingDir\": \"/tmp\", \"Tty\": true}");

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        JsonNode steps = json(answer.text()).get("Steps");
        assertThat(steps)
                .anyMatch(step -> step.get("Call").asString().equals("setresuid")
                        && step.get("Arguments").asString().equals("1000, 1000, 1000")
                        && step.get("Why").asString().equals("--user 1000:1001"));
        assertThat(steps).anyMatch(step -> step.get("Call").asString().equals("setns"));
        assertThat(json(answer.text()).get("Text").asString())
                .contains("container     enter /tmp  (--workdir /tmp)", "execve(");
        assertThat(ok("exec", name, "ls", "/")).doesNotContain("made");
        assertThat(inspect(name).at("/ExecIDs").isNull()).isTrue();
    }

    @Test
    void refusesWhatExecRefuses() throws IOException {
        String name = background("exec sleep 60");

        assertThat(explain("no-such", "{\"Cmd\": [\"true\"]}").status()).isEqualTo(404);
        assertThat(explain(name, "{\"Cmd\": []}").status()).isEqualTo(400);
        ok("pause", name);
        assertThat(explain(name, "{\"Cmd\": [\"true\"]}").status()).isEqualTo(409);
        ok("unpause", name);
        ok("kill", name);
        assertThat(explain(name, "{\"Cmd\": [\"true\"]}").status()).isEqualTo(409);
    }
}
