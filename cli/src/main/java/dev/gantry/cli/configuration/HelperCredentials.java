package dev.gantry.cli.configuration;

import dev.gantry.cli.json.JsonReader;
import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.json.JsonWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Logins that a helper program keeps: `docker-credential-NAME get|store|erase`, with the registry or the login on its
/// standard input.
///
/// @param name the helper's, without `docker-credential-`
/// @param environment of the helper
/// @param stored where Docker notes which registries are known
record HelperCredentials(String name, Map<String, String> environment, StoredCredentials stored)
        implements Credentials {
    /// What stands for a name when the secret is an identity token.
    private static final String TOKEN = "<token>";

    private static final String NOT_FOUND = "credentials not found in native keychain";

    private record Answer(int exit, String text) {
        String problem() {
            return "err: exit status %d, out: `%s`".formatted(exit, text.strip());
        }
    }

    @Override
    public Login get(String server) throws IOException {
        Answer answer = call("get", server);
        if (answer.exit != 0) {
            if (answer.text.strip().equals(NOT_FOUND)) {
                return Login.anonymous(server);
            }
            throw new IOException("error getting credentials - " + answer.problem());
        }
        JsonValue found = JsonReader.read(answer.text);
        String secret = found.text("Secret");
        return found.text("Username").equals(TOKEN)
                ? new Login(server, "", "", secret)
                : new Login(server, found.text("Username"), secret, "");
    }

    @Override
    public void store(Login login) throws IOException {
        boolean token = !login.token().isEmpty();
        JsonValue secret = JsonValue.object()
                .put("ServerURL", login.server())
                .put("Username", token ? TOKEN : login.user())
                .put("Secret", token ? login.token() : login.password())
                .build();
        Answer answer = call("store", JsonWriter.compact(secret));
        if (answer.exit != 0) {
            throw new IOException("error storing credentials - " + answer.problem());
        }
        stored.remember(login.server());
    }

    @Override
    public void erase(String server) throws IOException {
        Answer answer = call("erase", server);
        if (answer.exit != 0 && !answer.text.strip().equals(NOT_FOUND)) {
            throw new IOException("error erasing credentials - " + answer.problem());
        }
        stored.erase(server);
    }

    private Answer call(String action, String input) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(program(action).toString(), action).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException _) {
            // it has ended without reading all: its exit status and its words say why
        }
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            return new Answer(process.waitFor(), text);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while docker-credential-" + name + " answers", e);
        }
    }

    private Path program(String action) throws IOException {
        String program = "docker-credential-" + name;
        for (String each : environment.getOrDefault("PATH", "").split(":", -1)) {
            Path candidate = Path.of(each, program);
            if (candidate.isAbsolute() && Files.isExecutable(candidate)) {
                return candidate;
            }
        }
        throw new IOException("%s credentials - err: exec: \"%s\": executable file not found in $PATH, out: ``"
                .formatted(word(action), program));
    }

    private static String word(String action) {
        return switch (action) {
            case "get" -> "error getting";
            case "store" -> "error storing";
            default -> "error erasing";
        };
    }
}
