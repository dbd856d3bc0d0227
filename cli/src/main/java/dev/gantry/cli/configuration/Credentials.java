package dev.gantry.cli.configuration;

import dev.gantry.cli.command.Session;
import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.json.JsonWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/// Where a user's logins are kept: in `config.json` itself, or by a helper program that it names, for one registry
/// (`credHelpers`) or for all of them (`credsStore`).
public sealed interface Credentials permits StoredCredentials, HelperCredentials {
    /// How Docker Hub is called there.
    String DOCKER_HUB = "https://index.docker.io/v1/";

    /// What is known of a registry; anonymous if nothing is.
    Login get(String server) throws IOException;

    /// Keeps it.
    void store(Login login) throws IOException;

    /// Forgets it, if it is known.
    void erase(String server) throws IOException;

    /// What keeps the login of that registry.
    static Credentials of(Session session, String server) throws IOException {
        ConfigurationFile file = ConfigurationFile.of(session);
        JsonValue configuration = file.read();
        String helper = configuration.get("credHelpers").text(server);
        if (helper.isEmpty()) {
            helper = configuration.text("credsStore");
        }
        StoredCredentials stored = new StoredCredentials(file, session.err());
        return helper.isEmpty() ? stored : new HelperCredentials(helper, session.environment(), stored);
    }

    /// The name of a registry without its scheme and path.
    static String hostname(String server) {
        String name = server.replaceFirst("^https?://", "");
        int slash = name.indexOf('/');
        return slash < 0 ? name : name.substring(0, slash);
    }

    /// The header `X-Registry-Auth` for requests about images of that domain. Who cannot be found out counts for
    /// nobody, as with Docker: most images are for everybody.
    static Map<String, String> header(Session session, String domain) {
        String server = domain.equals("docker.io") ? DOCKER_HUB : domain;
        Login login;
        try {
            login = of(session, server).get(server);
        } catch (IOException e) {
            session.err().println("WARNING: " + e.getMessage());
            login = Login.anonymous(server);
        }
        String json = login.isAnonymous() ? "{}" : JsonWriter.compact(login.json());
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return Map.of("X-Registry-Auth", Base64.getUrlEncoder().encodeToString(bytes));
    }
}
