package dev.gantry.engine.request;

import org.jspecify.annotations.Nullable;

/// Who asks a registry, as in Docker's header `X-Registry-Auth`. Its text shows no secrets.
///
/// @param identityToken stands for the password
/// @param registryToken a token that the registry takes as it is
public record Login(
        String user,
        String password,
        @Nullable String identityToken,
        @Nullable String registryToken) {
    @Override
    public String toString() {
        return "Login[user=" + user + "]";
    }
}
