package dev.gantry.registry;

import org.jspecify.annotations.Nullable;

/// Who a user is to a registry, as in Docker's `X-Registry-Auth`.
///
/// @param identityToken stands for the password where the registry has given one at login
/// @param registryToken is sent as it is, in place of a token from the token server
public record Credentials(
        String user,
        String password,
        @Nullable String identityToken,
        @Nullable String registryToken) {
    public static Credentials of(String user, String password) {
        return new Credentials(user, password, null, null);
    }

    /// Whether there is a name and a password.
    boolean hasPassword() {
        return !user.isEmpty() && !password.isEmpty();
    }

    /// Without the secrets, because this ends up in logs.
    @Override
    public String toString() {
        return "Credentials[user=%s]".formatted(user);
    }
}
