package dev.gantry.registry.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/// The body of a token server's answer: its own (`token`) and OAuth 2's names (`access_token`).
public record TokenAnswer(
        @Nullable String token,
        @JsonProperty("access_token") @Nullable String accessToken,
        @JsonProperty("refresh_token") @Nullable String refreshToken,
        @JsonProperty("expires_in") @Nullable Long expiresIn) {}
