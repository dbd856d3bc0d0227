package dev.gantry.cli.configuration;

import dev.gantry.cli.json.JsonValue;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/// Logins in `config.json`, which everybody can read who reads the file.
record StoredCredentials(ConfigurationFile file, PrintStream err) implements Credentials {
    private static final String AUTHS = "auths";

    @Override
    public Login get(String server) throws IOException {
        Map<String, JsonValue> all = file.read().get(AUTHS).members();
        if (all.containsKey(server)) {
            return login(server, all.getOrDefault(server, JsonValue.Null.NULL));
        }
        // old clients wrote whole URLs
        for (Map.Entry<String, JsonValue> each : all.entrySet()) {
            if (Credentials.hostname(each.getKey()).equals(server)) {
                return login(server, each.getValue());
            }
        }
        return Login.anonymous(server);
    }

    private static Login login(String server, JsonValue entry) throws IOException {
        String both;
        try {
            both = new String(Base64.getDecoder().decode(entry.text("auth")), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IOException("config.json: auth of " + server + " is no Base64", e);
        }
        int colon = both.indexOf(':');
        return new Login(
                server,
                colon < 0 ? "" : both.substring(0, colon),
                colon < 0 ? "" : both.substring(colon + 1),
                entry.text("identitytoken"));
    }

    @Override
    public void store(Login login) throws IOException {
        if (login.equals(get(login.server()))) {
            return;
        }
        JsonValue.Builder entry = JsonValue.object();
        if (!login.user().isEmpty() || !login.password().isEmpty()) {
            String both = login.user() + ":" + login.password();
            entry.put("auth", Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8)));
        }
        if (!login.token().isEmpty()) {
            entry.put("identitytoken", login.token());
        }
        put(login.server(), entry.build());
        if (!login.password().isEmpty()) {
            err.println("""

                WARNING! Your credentials are stored unencrypted in '%s'.
                Configure a credential helper to remove this warning. See
                https://docs.docker.com/go/credential-store/
                """.formatted(file.path()));
        }
    }

    /// Remembers that a registry is known, whose login somebody else keeps.
    void remember(String server) throws IOException {
        put(server, JsonValue.object().build());
    }

    private void put(String server, JsonValue entry) throws IOException {
        Map<String, JsonValue> all = new TreeMap<>(file.read().get(AUTHS).members());
        all.put(server, entry);
        file.write(AUTHS, new JsonValue.Fields(all));
    }

    @Override
    public void erase(String server) throws IOException {
        Map<String, JsonValue> all = new TreeMap<>(file.read().get(AUTHS).members());
        if (all.remove(server) != null) {
            file.write(AUTHS, new JsonValue.Fields(all));
        }
    }
}
