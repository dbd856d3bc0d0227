package dev.gantry.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.api.Listener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

    @Test
    void readsProxiesFromTheFileAndFromFlagsBeforeTheEnvironment() throws Exception {
        Settings file = read("""
                {"proxies": {"http-proxy": "http://a:1", "no-proxy": "x.test"}}""", "--https-proxy", "http://b:2");
        assertThat(RegistrySettings.read(file, Map.of("http_proxy", "http://c:3", "HTTPS_PROXY", "http://c:3"))
                        .environment())
                .containsOnly(
                        Map.entry("HTTP_PROXY", "http://a:1"),
                        Map.entry("HTTPS_PROXY", "http://b:2"),
                        Map.entry("NO_PROXY", "x.test"));
        assertThat(RegistrySettings.read(read("{}"), Map.of("no_proxy", "y.test"))
                        .environment())
                .containsOnly(Map.entry("no_proxy", "y.test"));
    }

    @Test
    void refusesProxiesThatBothTheFlagsAndTheFileSet() {
        assertThatThrownBy(() -> read("{\"proxies\": {\"no-proxy\": \"a\"}}", "--no-proxy", "b"))
                .hasMessageEndingWith("configuration file: no-proxy: (from flag: [b], from file: [a])");
        assertThatThrownBy(() -> read("{\"proxies\": {\"ftp\": \"a\"}}"))
                .hasMessageContaining("configuration option: ftp");
    }
}
