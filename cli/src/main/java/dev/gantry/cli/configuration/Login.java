package dev.gantry.cli.configuration;

import dev.gantry.cli.json.JsonValue;

/// Who the user is to a registry. Its text shows no secrets.
///
/// @param server as `config.json` calls the registry
/// @param token an identity token, which stands for the password; empty for none
public record Login(String server, String user, String password, String token) {
    /// Nobody in particular.
    public static Login anonymous(String server) {
        return new Login(server, "", "", "");
    }

    /// Whether there is anything to show to the registry.
    public boolean isAnonymous() {
        return user.isEmpty() && token.isEmpty();
    }

    /// As the API wants to have it.
    public JsonValue json() {
        JsonValue.Builder login = JsonValue.object()
                .put("username", user)
                .put("password", password)
                .put("serveraddress", server);
        return token.isEmpty()
                ? login.build()
                : login.put("identitytoken", token).build();
    }

    @Override
    public String toString() {
        return "Login[server=" + server + ", user=" + user + "]";
    }
}
