package dev.gantry.engine.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.engine.request.ExecConfig;
import dev.gantry.oci.Json;
import dev.gantry.runtime.explain.Origins;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExecOriginsTest {
    private static Origins origins(String config) throws IOException {
        ExecConfig exec = Json.read(config.getBytes(StandardCharsets.UTF_8), ExecConfig.class);
        return ExecOrigins.of(exec, List.of("RLIMIT_NOFILE"));
    }

    @Test
    void areTheContainersWhereNoFlagAsks() throws IOException {
        Origins origins = origins("{\"Cmd\":[\"true\"]}");

        assertThat(origins.of("process.user")).isEqualTo("container");
        assertThat(origins.of("process.cwd")).isEqualTo("container");
        assertThat(origins.of("process.rlimits:RLIMIT_NOFILE")).isEqualTo("container");
        assertThat(origins.of("linux.seccomp")).isEqualTo("container");
        assertThat(origins.of("process.args")).isEqualTo("command line");
        assertThat(origins.of("")).isEqualTo("default");
    }

    @Test
    void areTheFlagsThatAsk() throws IOException {
        Origins origins = origins(
                "{\"Cmd\":[\"true\"],\"User\":\"web\",\"WorkingDir\":\"/srv\",\"Env\":[\"A=b\"],\"Tty\":true,\"Privileged\":true}");

        assertThat(origins.of("process.user")).isEqualTo("--user web");
        assertThat(origins.of("process.cwd")).isEqualTo("--workdir /srv");
        assertThat(origins.of("process.env")).isEqualTo("--env");
        assertThat(origins.of("process.terminal")).isEqualTo("--tty");
        assertThat(origins.of("process.capabilities")).isEqualTo("--privileged");
    }
}
