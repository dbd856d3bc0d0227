package dev.gantry.cli.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.cli.json.JsonReader;
import dev.gantry.cli.json.JsonValue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialsTest {
    private static final String SERVER = "registry.test:5000";
    private static final Login ALICE = new Login(SERVER, "alice", "wonder:länd", "");

    @TempDir
    Path directory;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    private StoredCredentials stored() {
        return new StoredCredentials(
                new ConfigurationFile(directory.resolve("config.json")),
                new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    private String file() throws IOException {
        return Files.readString(directory.resolve("config.json"));
    }

    @Test
    void areStoredAsDockerStoresThem() throws IOException {
        stored().store(ALICE);
        assertThat(file()).isEqualTo("""
            {
            \t"auths": {
            \t\t"registry.test:5000": {
            \t\t\t"auth": "YWxpY2U6d29uZGVyOmzDpG5k"
            \t\t}
            \t}
            }\
            """);
        assertThat(stored().get(SERVER)).isEqualTo(ALICE);
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .startsWith("\nWARNING! Your credentials are stored unencrypted in '" + directory + "/config.json'.\n");
        assertThat(Files.getPosixFilePermissions(directory.resolve("config.json")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        printed.reset();
        stored().store(ALICE);
        assertThat(printed.size()).isZero();
        stored().erase(SERVER);
        assertThat(stored().get(SERVER).isAnonymous()).isTrue();
        assertThat(file()).isEqualTo("{\n\t\"auths\": {}\n}");
    }

    @Test
    void leaveEverythingElseInTheFile() throws IOException {
        Path real = Files.writeString(directory.resolve("real.json"), """
            {"psFormat": "{{.ID}}", "auths": {"https://old.test/v1/": {"auth": "YTpi"}}, "somebody": {"else": [1.50]}}\
            """);
        Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rw-r--r--"));
        Files.createSymbolicLink(directory.resolve("config.json"), Path.of("real.json"));
        stored().store(new Login(SERVER, "alice", "", "token"));
        JsonValue document = JsonReader.read(file());
        assertThat(document.members().keySet()).containsExactly("psFormat", "auths", "somebody");
        assertThat(document.get("somebody").items("else").getFirst().text()).isEqualTo("1.50");
        assertThat(stored().get("old.test")).isEqualTo(new Login("old.test", "a", "b", ""));
        assertThat(stored().get(SERVER).token()).isEqualTo("token");
        assertThat(directory.resolve("config.json")).isSymbolicLink();
        assertThat(Files.getPosixFilePermissions(real)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        try (var files = Files.list(directory)) {
            assertThat(files).hasSize(2);
        }
    }

    private HelperCredentials helper(String script) throws IOException {
        Path program = Files.writeString(directory.resolve("docker-credential-test"), "#!/bin/sh\n" + script);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return new HelperCredentials(
                program.toString().replaceFirst(".*docker-credential-", ""),
                Map.of(
                        "PATH",
                        directory + ":/usr/bin:/bin",
                        "KEPT",
                        directory.resolve("kept").toString()),
                stored());
    }

    private static final String WORKING = """
        case $1 in
        store) cat > $KEPT ;;
        get) cat > /dev/null; [ -f $KEPT ] && exec cat $KEPT
            echo 'credentials not found in native keychain'; exit 1 ;;
        erase) cat > /dev/null; rm $KEPT ;;
        esac
        """;

    @Test
    void areKeptByAHelper() throws IOException {
        HelperCredentials helper = helper(WORKING);
        assertThat(helper.get(SERVER).isAnonymous()).isTrue();
        helper.store(ALICE);
        assertThat(Files.readString(directory.resolve("kept")))
                .isEqualTo("{\"ServerURL\":\"registry.test:5000\",\"Username\":\"alice\",\"Secret\":\"wonder:länd\"}");
        assertThat(helper.get(SERVER)).isEqualTo(ALICE);
        assertThat(JsonReader.read(file()).get("auths").get(SERVER).members()).isEmpty();
        assertThat(printed.size()).isZero();
        Login token = new Login(SERVER, "", "", "identity");
        helper.store(token);
        assertThat(Files.readString(directory.resolve("kept"))).contains("\"Username\":\"<token>\"");
        assertThat(helper.get(SERVER)).isEqualTo(token);
        helper.erase(SERVER);
        assertThat(helper.get(SERVER).isAnonymous()).isTrue();
        assertThat(file()).isEqualTo("{\n\t\"auths\": {}\n}");
    }

    @Test
    void sayWhatTheHelperSaid() throws IOException {
        HelperCredentials failing = helper("cat > /dev/null; echo 'keychain is locked'; exit 3\n");
        assertThatThrownBy(() -> failing.store(ALICE))
                .hasMessage("error storing credentials - err: exit status 3, out: `keychain is locked`");
        assertThatThrownBy(() -> failing.get(SERVER)).hasMessageContaining("keychain is locked");
        Files.delete(directory.resolve("docker-credential-test"));
        assertThatThrownBy(() -> failing.get(SERVER))
                .hasMessageContaining("\"docker-credential-test\": executable file not found in $PATH");
    }
}
