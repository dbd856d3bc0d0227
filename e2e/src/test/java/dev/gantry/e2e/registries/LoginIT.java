package dev.gantry.e2e.registries;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.Client;
import dev.gantry.e2e.ClientKind;
import dev.gantry.e2e.EndToEnd;
import dev.gantry.e2e.GantryDaemon;
import dev.gantry.e2e.LocalRegistry;
import dev.gantry.e2e.PtyCommand;
import dev.gantry.e2e.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `login` and `logout` in a terminal window: what the stock client shows, asks, answers with and keeps, Gantry's does,
/// byte by byte.
@GantryDaemon
class LoginIT extends EndToEnd {
    private static final String USER = "alice";
    private static final String PASSWORD = "wonder:land";
    private static final String NOTHING = "";

    private static LocalRegistry registry;

    @BeforeAll
    static void startRegistry() throws IOException {
        registry = LocalRegistry.secured(USER, PASSWORD);
    }

    @AfterAll
    static void closeIt() throws IOException {
        registry.close();
    }

    /// What came of a command.
    ///
    /// @param screen all that the terminal has shown
    /// @param kept the client's config.json; empty for none
    private record Outcome(String screen, int exit, String kept) {}

    /// Runs a shell line, in which `$client` is the command line, on a terminal of its own.
    ///
    /// @param before the client's config.json; empty for none
    /// @param dialogue what is waited for, and what is typed then, in turns
    private Outcome outcome(ClientKind kind, String before, String line, String... dialogue) throws IOException {
        Path configuration = setup.daemon().directory().resolve("home/docker/config.json");
        Files.deleteIfExists(configuration);
        if (!before.isEmpty()) {
            Files.writeString(configuration, before);
        }
        try (PtyCommand command = new Client(kind, setup.daemon()).scriptOnTerminal(line)) {
            for (int i = 0; i < dialogue.length; i += 2) {
                command.awaitOutput(dialogue[i]);
                command.type(dialogue[i + 1]);
            }
            Result result = command.await();
            String kept = Files.exists(configuration) ? Files.readString(configuration) : "";
            return new Outcome(result.out(), result.exit(), kept);
        } finally {
            Files.deleteIfExists(configuration);
        }
    }

    /// The outcome with the stock client, which is Gantry's, too.
    private Outcome same(String before, String line, String... dialogue) throws IOException {
        Outcome stock = outcome(ClientKind.DOCKER, before, line, dialogue);
        Outcome own = outcome(ClientKind.GANTRY, before, line, dialogue);
        if (before.isEmpty() || stock.kept().equals(before)) {
            assertThat(own).isEqualTo(stock);
        } else {
            // the stock client has an order of its own for what is in the file already
            assertThat(own.screen()).isEqualTo(stock.screen());
            assertThat(own.exit()).isEqualTo(stock.exit());
            assertThat(json(own.kept())).isEqualTo(json(stock.kept()));
        }
        return stock;
    }

    private static String known(String user, String password) {
        byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "{\"auths\":{\"%s\":{\"auth\":\"%s\"}}}"
                .formatted(registry.host(), Base64.getEncoder().encodeToString(both));
    }

    private static String login(String options) {
        return "$client login " + options + " " + registry.host();
    }

    @Test
    void asksForNameAndPassword() throws IOException {
        Outcome outcome = same(NOTHING, login(""), "Username: ", USER + "\r", "Password: ", PASSWORD + "\r");
        assertThat(outcome.screen())
                .startsWith("Username: alice\r\nPassword: \r\n")
                .contains("WARNING! Your credentials are stored unencrypted in '")
                .endsWith("Login Succeeded\r\n")
                .doesNotContain(PASSWORD);
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.kept()).contains(registry.host());
    }

    @Test
    void asksForThePasswordAlone() throws IOException {
        Outcome outcome = same(NOTHING, login("-u " + USER), "Password: ", PASSWORD + "\r");
        assertThat(outcome.screen()).startsWith("Password: \r\n").endsWith("Login Succeeded\r\n");
    }

    @Test
    void asksForTheNameAlone() throws IOException {
        Outcome outcome = same(NOTHING, login("-p " + PASSWORD), "Username: ", USER + "\r");
        assertThat(outcome.screen())
                .startsWith("WARNING! Using --password via the CLI is insecure. Use --password-stdin.\r\n")
                .endsWith("Login Succeeded\r\n");
    }

    @Test
    void keepsNothingThatTheRegistryDoesNotTake() throws IOException {
        Outcome outcome = same(NOTHING, login(""), "Username: ", USER + "\r", "Password: ", "wrong\r");
        assertThat(outcome.screen()).contains("401 Unauthorized").doesNotContain("wrong");
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.kept()).isEmpty();
    }

    @Test
    void wantsAnAnswer() throws IOException {
        assertThat(same(NOTHING, login(""), "Username: ", "\r").screen()).contains("Error: Non-null Username Required");
        assertThat(same(NOTHING, login(""), "Username: ", " \t \r").exit()).isEqualTo(1);
        assertThat(same(NOTHING, login("-u " + USER), "Password: ", "\r").screen())
                .contains("Error: Password Required");
        assertThat(same(NOTHING, login("-u " + USER), "Password: ", " \t\r").screen())
                .contains("Error: Password Required");
    }

    @Test
    void takesAnswersWithoutTheSpacesAroundThem() throws IOException {
        assertThat(same(NOTHING, login(""), "Username: ", "  " + USER + " \r", "Password: ", " " + PASSWORD + " \r")
                        .exit())
                .isZero();
    }

    /// Whoever gives up gets the terminal back as it was. The stock client exits with 0 then, as if it had logged in,
    /// and waits for ever after the end of input.
    @Test
    void isGivenUpWithControlCOrControlD() throws IOException {
        String line = login("") + "; echo exit $?; stty -a | grep -o -w -e -echo -e echo";
        assertThat(outcome(ClientKind.GANTRY, NOTHING, line, "Username: ", "\u0003")
                        .screen())
                .endsWith("exit 130\r\necho\r\n");
        assertThat(outcome(ClientKind.GANTRY, NOTHING, line, "Username: ", USER + "\r", "Password: ", "\u0003")
                        .screen())
                .endsWith("exit 130\r\necho\r\n");
        assertThat(outcome(ClientKind.GANTRY, NOTHING, line, "Username: ", "\u0004")
                        .screen())
                .endsWith("Error: Non-null Username Required\r\nexit 1\r\necho\r\n");
        assertThat(outcome(ClientKind.GANTRY, NOTHING, line, "Username: ", USER + "\r", "Password: ", "\u0004")
                        .screen())
                .endsWith("Error: Password Required\r\nexit 1\r\necho\r\n");
    }

    @Test
    void triesWhatIsKnownFirst() throws IOException {
        Outcome outcome = same(known(USER, PASSWORD), login(""));
        assertThat(outcome.screen())
                .startsWith("Authenticating with existing credentials... [Username: alice]\r\n")
                .endsWith("Login Succeeded\r\n");
    }

    @Test
    void asksWhenWhatIsKnownIsNotTaken() throws IOException {
        Outcome outcome =
                same(known(USER, "old"), login(""), "Username (alice): ", "\r", "Password: ", PASSWORD + "\r");
        assertThat(outcome.screen())
                .contains("Stored credentials invalid or expired\r\n")
                .endsWith("Login Succeeded\r\n");
        Outcome other = same(known("bob", "old"), login(""), "Username (bob): ", USER + "\r", "Password: ", "no\r");
        assertThat(other.exit()).isEqualTo(1);
        assertThat(other.kept()).isEqualTo(known("bob", "old"));
    }

    @Test
    void readsThePasswordFromStandardInput() throws IOException {
        assertThat(same(NOTHING, "echo " + PASSWORD + " | " + login("-u " + USER + " --password-stdin"))
                        .screen())
                .endsWith("Login Succeeded\r\n");
        // typed, and seen
        assertThat(same(
                                NOTHING,
                                "echo ready; " + login("-u " + USER + " --password-stdin"),
                                "ready",
                                PASSWORD + "\r\u0004")
                        .exit())
                .isZero();
        assertThat(same(NOTHING, "echo | " + login("-u " + USER + " --password-stdin"))
                        .exit())
                .isEqualTo(1);
    }

    @Test
    void refusesOptionsThatContradict() throws IOException {
        assertThat(same(NOTHING, login("-u alice -p x --password-stdin")).screen())
                .contains("--password and --password-stdin");
        assertThat(same(NOTHING, login("--password-stdin")).exit()).isEqualTo(1);
        assertThat(same(NOTHING, login("") + " < /dev/null").screen())
                .contains("Cannot perform an interactive login from a non TTY device");
        assertThat(same(NOTHING, login("-u alice") + " < /dev/null").exit()).isEqualTo(1);
        assertThat(same(NOTHING, login("-u alice -p " + PASSWORD)).screen()).endsWith("Login Succeeded\r\n");
        assertThat(same(NOTHING, login("-u alice -p nope")).exit()).isEqualTo(1);
        Outcome _ = same(NOTHING, login("-u '' -p nope"));
        Outcome _ = same(NOTHING, login("-u alice -p ''"));
        Outcome _ = same(NOTHING, login("-u '' --password-stdin") + " < /dev/null");
    }

    @Test
    void takesARegistryByItsUrl() throws IOException {
        for (String name : new String[] {"https://" + registry.host(), "https://" + registry.host() + "/v2/"}) {
            Outcome outcome = same(NOTHING, "$client login -u alice -p " + PASSWORD + " " + name);
            assertThat(outcome.exit()).as(outcome.screen()).isZero();
            assertThat(same(outcome.kept(), "$client logout " + name).exit()).isZero();
        }
        assertThat(same(NOTHING, "$client login -u alice -p x 127.0.0.1:1").exit())
                .isEqualTo(1);
    }

    @Test
    void forgets() throws IOException {
        Outcome outcome = same(known(USER, PASSWORD), "$client logout " + registry.host());
        assertThat(outcome.screen()).isEqualTo("Removing login credentials for " + registry.host() + "\r\n");
        assertThat(outcome.kept()).doesNotContain(registry.host());
        assertThat(same(known(USER, PASSWORD), "$client logout https://" + registry.host())
                        .kept())
                .doesNotContain(registry.host());
        Outcome _ = same(known(USER, PASSWORD), "$client logout");
        Outcome _ = same(NOTHING, "$client logout " + registry.host());
        Outcome _ = same(NOTHING, "$client logout");
    }

    @Test
    void keepsWhatElseIsInTheFile() throws IOException {
        String before = "{\"HttpHeaders\":{\"X-A\":\"b\"},\"auths\":{\"other.example\":{\"auth\":\"YTpi\"}},"
                + "\"psFormat\":\"{{.ID}}\"}";
        Outcome outcome = same(before, login("-u alice -p " + PASSWORD));
        assertThat(outcome.kept()).contains("other.example", "YTpi", "X-A", "psFormat", registry.host());
    }

    /// A program that keeps a login in a file beside itself, and notes what it is asked.
    private static final String HELPER = """
            #!/bin/bash
            directory=$(dirname "$0")
            input=$(cat)
            echo "$1" >> "$directory/asked"
            case $1 in
                store) printf '%s' "$input" > "$directory/login" ;;
                get) cat "$directory/login" 2> /dev/null || { echo credentials not found in native keychain; exit 1; } ;;
                erase) rm -f "$directory/login" ;;
            esac
            """;

    @TempDir
    private Path helpers;

    private String withHelper(String text, String line) throws IOException {
        Path helper = Files.writeString(helpers.resolve("docker-credential-test"), text);
        assertThat(helper.toFile().setExecutable(true)).isTrue();
        return "export PATH=" + helpers + ":$PATH; " + line;
    }

    /// Logs in, pushes, pulls and logs out, and has another program keep the login meanwhile.
    @Test
    void handsTheLoginToAHelper() throws IOException {
        String name = registry.host() + "/helped:1";
        String line = withHelper(
                HELPER,
                "%s; cat %s/login; echo; $client tag busybox %s; $client push -q %s; $client rmi %s; $client pull -q %s;"
                                .formatted(login("-u alice -p " + PASSWORD), helpers, name, name, name, name)
                        + " $client logout %s; ls %s; $client pull -q %s; $client rmi %s > /dev/null"
                                .formatted(registry.host(), helpers, name, name));
        for (String before : List.of(
                "{\"credsStore\":\"test\"}", "{\"credHelpers\":{\"%s\":\"test\"}}".formatted(registry.host()))) {
            Outcome outcome = same(before, line);
            assertThat(outcome.screen())
                    .contains("Login Succeeded\r\n", "\"Secret\":\"" + PASSWORD + "\"", "no basic auth credentials")
                    .doesNotContain("unencrypted");
            assertThat(outcome.kept()).doesNotContain("\"auth\":");
        }
        assertThat(helpers.resolve("asked")).content().contains("store\n", "get\n", "erase\n");
    }

    @Test
    void tellsWhatIsWrongWithAHelper() throws IOException {
        String none = "{\"credsStore\":\"nobody\"}";
        assertThat(same(none, login("-u alice -p " + PASSWORD)).screen())
                .contains("docker-credential-nobody", "executable file not found in $PATH");
        // where the stock client says nothing
        assertThat(outcome(ClientKind.GANTRY, none, "$client logout " + registry.host())
                        .screen())
                .contains("WARNING: could not erase credentials:", "docker-credential-nobody");
        String locked = "#!/bin/bash\ncat > /dev/null; echo locked; exit 1\n";
        String store = "{\"credsStore\":\"test\"}";
        assertThat(same(store, withHelper(locked, login("-u alice -p " + PASSWORD)))
                        .screen())
                .contains("locked");
    }
}
