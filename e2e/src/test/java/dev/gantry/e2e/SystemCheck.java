package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import tools.jackson.databind.JsonNode;

/// What a daemon of Gantry's says of itself.
public final class SystemCheck {
    private SystemCheck() {}

    /// The answer to a check.
    ///
    /// @param query such as `?repair=1`
    public static JsonNode of(DaemonUnderTest daemon, String query) throws IOException {
        try (EngineConnection connection = daemon.connect()) {
            EngineConnection.Response response = connection.post("/gantry/system/check" + query, null);
            assertThat(response.status()).as(response::text).isEqualTo(200);
            return EndToEnd.json(response.text());
        }
    }

    /// State, images, mounts, cgroups and processes agree.
    public static void agrees(DaemonUnderTest daemon) throws IOException {
        JsonNode report = of(daemon, "");
        assertThat(report.at("/Findings")).as(report::toPrettyString).isEmpty();
        assertThat(report.at("/Agrees").asBoolean()).isTrue();
    }
}
