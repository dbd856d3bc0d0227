package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// `version`, `info`, `port`, `inspect`.
@EverySetup
class SystemIT extends EndToEnd {
    @Test
    void versionTellsOfBothSides() throws IOException {
        assertThat(ok("version")).contains("Client:", "Server:", "API version:", "OS/Arch:");
        assertThat(ok("version", "--format", "{{.Server.APIVersion}}")).matches("1\\.\\d\\d");
        assertThat(json(ok("version", "--format", "json")).at("/Server/Os").asString())
                .isEqualTo("linux");
    }

    @Test
    void infoCountsContainersAndImages() throws IOException {
        background("sleep 60");
        String paused = background("sleep 60");
        ok("pause", paused);
        ok("create", IMAGE, "true");
        assertThat(ok(
                        "info",
                        "-f",
                        "{{.Containers}} {{.ContainersRunning}} {{.ContainersPaused}} {{.ContainersStopped}}"))
                .isEqualTo("3 1 1 1");
        assertThat(ok("info", "-f", "{{.DockerRootDir}} {{.OSType}} {{.LoggingDriver}}"))
                .isEqualTo(setup.daemon().directory().resolve("data") + " linux json-file");
        assertThat(ok("info")).contains("Server:", " Containers: 3", "Kernel Version: ");
    }

    @Test
    void portShowsNothingWhereNothingIsPublished() throws IOException {
        String name = background("sleep 60");
        assertThat(ok("port", name)).isEmpty();
        assertThat(fails(1, "port", name, "80")).contains("No public port '80' published for " + name);
    }

    @Test
    void inspectShowsSeveralThingsAtOnce() throws IOException {
        String name = background("sleep 60", "-e", "A=b");
        JsonNode both = json(ok("inspect", name, IMAGE));
        assertThat(both).hasSize(2);
        assertThat(both.at("/0/Config/Env").toString()).contains("\"A=b\"");
        assertThat(both.at("/0/State/Pid").asInt()).isPositive();
        assertThat(both.at("/1/RepoTags/0").asString()).isEqualTo("busybox:latest");
        Result partly = call("inspect", name, "nosuchobject");
        assertThat(partly.exit()).isEqualTo(1);
        assertThat(json(partly.out())).hasSize(1);
        assertThat(partly.err()).containsIgnoringCase("no such object: nosuchobject");
    }
}
