package dev.gantry.cli.image;

import dev.gantry.cli.command.CommandException;
import dev.gantry.cli.command.Session;
import dev.gantry.cli.json.JsonReader;
import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.json.JsonWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Base64;
import java.util.Map;

/// Who the user is to registries: `auths` of Docker's `config.json`, and its credential helpers (`credHelpers` for
/// one registry, `credsStore` for all).
final class RegistryLogins {
    private static final String DEFAULT_DOMAIN = "docker.io";
    private static final String DEFAULT_SERVER = "https://index.docker.io/v1/";
    /// What a helper gives for a name when the secret is an identity token.
    private static final String TOKEN = "<token>";

    private RegistryLogins() {}

    /// The header `X-Registry-Auth`, or none if nothing is known of the registry.
    static Map<String, String> header(Session session, String domain) throws IOException {
        String server = domain.equals(DEFAULT_DOMAIN) ? DEFAULT_SERVER : domain;
        JsonValue configuration = configuration(session);
        String helper = configuration.get("credHelpers").text(server);
        if (helper.isEmpty()) {
            helper = configuration.text("credsStore");
        }
        JsonValue login = helper.isEmpty() ? stored(configuration, server) : asked(helper, server);
        if (login.isNull()) {
            return Map.of();
        }
        byte[] json = JsonWriter.compact(login).getBytes(StandardCharsets.UTF_8);
        return Map.of("X-Registry-Auth", Base64.getUrlEncoder().encodeToString(json));
    }

    private static JsonValue configuration(Session session) throws IOException {
        try {
            return JsonReader.read(Files.readString(session.configuration().resolve("config.json")));
        } catch (NoSuchFileException _) {
            return JsonValue.Null.NULL;
        }
    }

    private static JsonValue stored(JsonValue configuration, String server) throws CommandException {
        JsonValue entry = configuration.get("auths").get(server);
        String both;
        try {
            both = new String(Base64.getDecoder().decode(entry.text("auth")), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw new CommandException("config.json: auth of " + server + " is no Base64");
        }
        int colon = both.indexOf(':');
        String token = entry.text("identitytoken");
        if (colon < 0 && token.isEmpty()) {
            return JsonValue.Null.NULL;
        }
        return login(
                server, colon < 0 ? "" : both.substring(0, colon), colon < 0 ? "" : both.substring(colon + 1), token);
    }

    private static JsonValue asked(String helper, String server) throws IOException {
        Process process = new ProcessBuilder("docker-credential-" + helper, "get")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (OutputStream input = process.getOutputStream()) {
            input.write((server + "\n").getBytes(StandardCharsets.UTF_8));
        }
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                return JsonValue.Null.NULL; // it knows nothing: asked anonymously, as Docker does
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while docker-credential-" + helper + " answers", e);
        }
        JsonValue found = JsonReader.read(answer);
        boolean token = found.text("Username").equals(TOKEN);
        return login(
                server,
                token ? "" : found.text("Username"),
                token ? "" : found.text("Secret"),
                token ? found.text("Secret") : "");
    }

    private static JsonValue login(String server, String user, String password, String token) {
        JsonValue.Builder login = JsonValue.object()
                .put("username", user)
                .put("password", password)
                .put("serveraddress", server);
        return token.isEmpty()
                ? login.build()
                : login.put("identitytoken", token).build();
    }
}
