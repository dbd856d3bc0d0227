package dev.gantry.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.api.Listener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    @TempDir
    private Path directory;

    private Settings read(String file, String... flags) throws UsageException, IOException {
        Path config = Files.writeString(directory.resolve("daemon.json"), file);
        var arguments = new ArrayList<>(List.of(flags));
        arguments.add("--config-file=" + config);
        return Settings.read(arguments);
    }

    @Test
    void takesFlagsInEveryFormOfDockersGrammar() throws Exception {
        Settings settings = read("{}", "-D", "-H", "unix:///a", "-Hunix:///b", "--host=unix:///c", "--data-root", "/d");
        assertThat(settings.isOn("debug")).isTrue();
        assertThat(settings.dataRoot()).isEqualTo(Path.of("/d"));
        assertThat(settings.listeners("docker"))
                .containsExactly(
                        new Listener.Unix(Path.of("/a"), "docker"),
                        new Listener.Unix(Path.of("/b"), "docker"),
                        new Listener.Unix(Path.of("/c"), "docker"));
    }

    @Test
    void readsTheFile() throws Exception {
        Settings settings = read("""
                {"hosts": ["unix:///a"], "labels": ["x=y"], "debug": true, "shutdown-timeout": 3,
                 "log-opts": {"max-size": "1m"},
                 "default-ulimits": {"nofile": {"Name": "nofile", "Soft": 1, "Hard": 2}}}""");
        assertThat(settings.list("label")).containsExactly("x=y");
        assertThat(settings.shutdownTimeout()).hasSeconds(3);
        assertThat(settings.pairs("log-opt")).containsEntry("max-size", "1m");
        assertThat(settings.pairs("default-ulimit")).containsEntry("nofile", "1:2");
    }

    @Test
    void refusesWhatBothTheFlagsAndTheFileSet() {
        assertThatThrownBy(() -> read("{\"labels\": [\"a=b\"]}", "--label", "c=d"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("the following directives are specified both as a flag and in the configuration"
                        + " file: labels: (from flag: [c=d], from file: [a=b])");
    }

    @Test
    void namesWhatItDoesNotKnow() {
        assertThatThrownBy(() -> read("{}", "--nonsense")).hasMessage("unknown flag: --nonsense");
        assertThatThrownBy(() -> read("{\"nonsense\": 1}")).hasMessageContaining("configuration option: nonsense");
        assertThatThrownBy(() -> read("{}", "--data-root=/x", "extra")).hasMessageContaining("extra");
    }

    @Test
    void warnsOfFlagsWithoutAnEffectAndRefusesThoseThatProtect() throws Exception {
        assertThat(read("{}", "--bip", "10.0.0.1/24").warnings()).hasSize(1);
        assertThatThrownBy(() -> read("{}", "--tlsverify")).hasMessageContaining("TLS is not supported yet");
        assertThat(read("{}", "--tls=false").warnings()).isEmpty();
    }

    @Test
    void listensOnLoopbackOnlyWithoutTls() throws Exception {
        assertThat(read("{}", "-H", "tcp://127.0.0.1:2375").listeners(null)).hasSize(1);
        assertThatThrownBy(() -> read("{}", "-H", "tcp://0.0.0.0:2375").listeners(null))
                .hasMessageContaining("only loopback addresses");
        assertThatThrownBy(() -> read("{}", "-H", "fd://").listeners(null)).hasMessageContaining("socket activation");
    }
}
