package dev.gantry.e2e.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.DoomedDaemon;
import dev.gantry.e2e.Waiting;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Health checks when the daemon dies.
class HealthSurvivalIT extends DoomedDaemon {
    private static final String SLEEP = "exec sleep 2000";

    private JsonNode health(String name) throws IOException {
        return inspected(name).at("/State/Health");
    }

    private void awaitHealth(String name, String status) {
        Waiting.until(
                () -> health(name).path("Status").asString().equals(status), () -> name + " does not become " + status);
    }

    @Test
    void whatWasHealthyStaysSo() throws IOException {
        run("well", SLEEP, "--health-cmd", "true", "--health-interval", "2s");
        run("ill", SLEEP, "--health-cmd", "false", "--health-interval", "100ms", "--health-retries", "1");
        awaitHealth("well", "healthy");
        awaitHealth("ill", "unhealthy");
        daemon.end("KILL");
        daemon.startAgain();

        JsonNode health = health("well");
        assertThat(health.at("/Status").asString()).isEqualTo("healthy");
        assertThat(health.at("/Log").size()).isPositive();
        assertThat(health("ill").at("/Status").asString()).isEqualTo("unhealthy");
        Waiting.until(() -> !health("well").at("/Log").equals(health.at("/Log")), () -> "it is not checked any more");
    }

    /// A container whose first check never ends.
    @Test
    void checksThatWereUnderWayAreEnded() throws IOException {
        String first = "[ -e /tmp/first ] && exit 0; touch /tmp/first; exec sleep 1000";
        run("checked", SLEEP, "--health-cmd", first, "--health-interval", "500ms", "--health-timeout", "1h");
        Waiting.until(() -> ok("top", "checked").contains("sleep 1000"), () -> "it is not checked");

        die();

        awaitHealth("checked", "healthy");
        assertThat(ok("top", "checked"))
                .contains("sleep 2000")
                .doesNotContainPattern("\\d sleep 1000"); // which a later check has in its text, too
    }

    @Test
    void whatTheHostHasEndedStartsAnew() throws IOException {
        run("again", SLEEP, "--health-cmd", "true", "--health-interval", "1s", "--restart", "always");
        run("ended", SLEEP, "--health-cmd", "true", "--health-interval", "100ms");
        awaitHealth("again", "healthy");
        awaitHealth("ended", "healthy");

        reboot();

        awaitHealth("again", "healthy");
        assertThat(health("ended").at("/Status").asString()).isEqualTo("unhealthy");
    }
}
