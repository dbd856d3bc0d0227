package dev.gantry.e2e.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.EndToEnd;
import dev.gantry.e2e.EverySetup;
import dev.gantry.e2e.Waiting;
import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Health checks: of the image, of `--health-cmd`, and what they say.
@EverySetup
class HealthIT extends EndToEnd {
    private static final String SLEEP = "exec sleep 60";
    private static final String[] OFTEN = {"--health-interval", "100ms"};

    private String checked(String command, String... options) throws IOException {
        String[] all = new String[options.length + 2];
        all[0] = "--health-cmd";
        all[1] = command;
        System.arraycopy(options, 0, all, 2, options.length);
        return background(SLEEP, all);
    }

    private JsonNode health(String name) throws IOException {
        return inspect(name).at("/State/Health");
    }

    private void awaitHealth(String name, String status) {
        Waiting.until(
                () -> health(name).path("Status").asString().equals(status),
                () -> setup + ": " + name + " does not become " + status);
    }

    private void awaitChecks(String name, int count) {
        Waiting.until(() -> health(name).path("Log").size() >= count, () -> setup + ": " + name + " is not checked");
    }

    private String shown(String name) throws IOException {
        return ok("ps", "-a", "--filter", "name=" + name, "--format", "{{.Status}}");
    }

    @Test
    void successIsHealth() throws IOException {
        String name = checked("echo fine; echo too >&2", OFTEN);
        awaitHealth(name, "healthy");

        JsonNode health = health(name);
        assertThat(health.at("/FailingStreak").asInt()).isZero();
        JsonNode first = health.at("/Log/0");
        assertThat(first.at("/ExitCode").asInt()).isZero();
        assertThat(first.at("/Output").asString()).contains("fine\n", "too\n");
        assertThat(Instant.parse(first.at("/End").asString().replaceFirst("[+]00:00$", "Z")))
                .isAfter(Instant.parse(first.at("/Start").asString().replaceFirst("[+]00:00$", "Z")));
        assertThat(shown(name)).matches("Up .* \\(healthy\\)");
        assertThat(ok("ps", "-q", "--no-trunc", "--filter", "health=healthy"))
                .isEqualTo(inspect(name).at("/Id").asString());
        assertThat(ok("ps", "-q", "--filter", "health=none")).isEmpty();
    }

    @Test
    void startsWithoutAJudgement() throws IOException {
        String name = checked("true", "--health-interval", "1h");

        assertThat(health(name).toString()).isEqualTo("{\"Status\":\"starting\",\"FailingStreak\":0,\"Log\":[]}");
        assertThat(shown(name)).matches("Up .* \\(health: starting\\)");
        assertThat(ok("ps", "-q", "--filter", "health=starting")).isNotEmpty();
    }

    @Test
    void failuresInARowAreNoHealth() throws IOException {
        String name = checked("test -e /tmp/well", "--health-interval", "100ms", "--health-retries", "2");
        awaitHealth(name, "unhealthy");

        assertThat(health(name).at("/FailingStreak").asInt()).isGreaterThanOrEqualTo(2);
        assertThat(health(name).at("/Log/0/ExitCode").asInt()).isEqualTo(1);
        assertThat(shown(name)).matches("Up .* \\(unhealthy\\)");
        ok("exec", name, "touch", "/tmp/well");
        awaitHealth(name, "healthy");
        assertThat(health(name).at("/FailingStreak").asInt()).isZero();
        String id = inspect(name).at("/Id").asString();
        // at once: each check makes events, of which a few hundred are kept
        Waiting.until(
                () -> events(id).equals("health_status: unhealthy\nhealth_status: healthy"),
                () -> setup + ": events are missing");
        awaitChecks(name, 5);
        assertThat(health(name).at("/Log").size()).isEqualTo(5);
    }

    private String events(String id) throws IOException {
        String until = Long.toString(Instant.now().getEpochSecond() + 1);
        String all = ok(
                "events", "--since", "10m", "--until", until, "--filter", "container=" + id, "--format", "{{.Action}}");
        return String.join(
                "\n", all.lines().filter(line -> line.startsWith("health")).toList());
    }

    @Test
    void failuresInTheStartPeriodDoNotCount() throws IOException {
        String name = checked("false", "--health-interval", "100ms", "--health-start-period", "1h");
        if (setup.onGantry()) { // dockerd 20.10 has the interval alone
            name = checked("false", "--health-start-interval", "100ms", "--health-start-period", "1h");
        }
        awaitChecks(name, 4);

        assertThat(health(name).at("/Status").asString()).isEqualTo("starting");
        assertThat(health(name).at("/FailingStreak").asInt()).isZero();
    }

    @Test
    void checksThatTakeTooLongAreKilled() throws IOException {
        String command = "echo slow; exec sleep 1000";
        String name =
                checked(command, "--health-interval", "100ms", "--health-timeout", "300ms", "--health-retries", "1");
        awaitHealth(name, "unhealthy");

        assertThat(health(name).at("/Log/0/ExitCode").asInt()).isEqualTo(-1);
        assertThat(health(name).at("/Log/0/Output").asString()).startsWith("Health check exceeded timeout (300ms)");
        if (setup.onGantry()) { // dockerd 20.10 leaves them alone
            assertThat(health(name).at("/Log/0/Output").asString()).endsWith(": slow\n");
            awaitChecks(name, 3);
            assertThat(ok("top", name).split("sleep 1000", -1).length).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void muchOutputIsCutOff() throws IOException {
        String name = checked("head -c 5000 /dev/zero | tr '\\0' x", OFTEN);
        awaitHealth(name, "healthy");

        assertThat(health(name).at("/Log/0/Output").asString()).isEqualTo("x".repeat(4096) + "...");
    }

    @Test
    void checksRunAsTheContainerDoes() throws IOException {
        String name = checked(
                "id -u; echo $KEY; pwd", "--health-interval", "100ms", "-u", "1000", "-e", "KEY=value", "-w", "/tmp");
        awaitHealth(name, "healthy");

        assertThat(health(name).at("/Log/0/Output").asString()).isEqualTo("1000\nvalue\n/tmp\n");
    }

    @Test
    void whatDoesNotRunIsNotHealthy() throws IOException {
        String name = checked("true", OFTEN);
        awaitHealth(name, "healthy");
        ok("stop", "-t", "0", name);
        assertThat(health(name).at("/Status").asString()).isEqualTo("unhealthy");
        assertThat(shown(name)).doesNotContain("healthy");

        ok("update", "--restart", "no", name);
        ok("start", name);
        awaitHealth(name, "healthy");
    }

    @Test
    void whatIsPausedIsNotChecked() throws IOException {
        String name =
                checked("true", "--health-interval", "100ms", "--health-timeout", "300ms", "--health-retries", "1");
        awaitHealth(name, "healthy");
        ok("pause", name);
        String last = health(name).at("/Log").toString();
        // many intervals
        background("sleep 1");
        ok("wait", background("sleep 1"));
        if (setup.onGantry()) { // dockerd calls it unhealthy
            assertThat(health(name).at("/Status").asString()).isEqualTo("healthy");
        }
        assertThat(health(name).at("/Log").toString()).isEqualTo(last);
        ok("unpause", name);
        Waiting.until(
                () -> !health(name).at("/Log").toString().equals(last), () -> setup + ": it is not checked again");
    }

    private String imageWith(String instruction) throws IOException {
        String base = newName();
        String image = newName();
        ok("create", "--name", base, IMAGE, "sleep", "60");
        ok("commit", "--change", instruction, base, image);
        return image;
    }

    @Test
    void imagesHaveChecksThatAreOverriddenOrSwitchedOff() throws IOException {
        String image = imageWith("HEALTHCHECK --interval=100ms CMD [\"/bin/echo\", \"of the image\"]");

        String own = newName();
        ok("run", "-d", "--name", own, image);
        awaitHealth(own, "healthy");
        assertThat(health(own).at("/Log/0/Output").asString()).isEqualTo("of the image\n");
        String other = newName();
        ok("run", "-d", "--name", other, "--health-cmd", "echo of the user", image);
        awaitHealth(other, "healthy");
        assertThat(health(other).at("/Log/0/Output").asString()).isEqualTo("of the user\n");
        String none = newName();
        ok("run", "-d", "--name", none, "--no-healthcheck", image);
        assertThat(health(none).isMissingNode()).isTrue();
        assertThat(inspect(none).at("/Config/Healthcheck/Test/0").asString()).isEqualTo("NONE");
        ok("rm", "-f", own, other, none);
        ok("rmi", image);
    }

    @Test
    void checksThatCannotStartAreFailures() throws IOException {
        String image = imageWith("HEALTHCHECK --interval=100ms --retries=1 CMD [\"/missing\"]");
        String name = newName();
        ok("run", "-d", "--name", name, image);
        awaitHealth(name, "unhealthy");

        assertThat(health(name).at("/Log/0/ExitCode").asInt()).isNotZero();
        assertThat(health(name).at("/Log/0/Output").asString()).contains("/missing");
        ok("rm", "-f", name);
        ok("rmi", image);
    }
}
