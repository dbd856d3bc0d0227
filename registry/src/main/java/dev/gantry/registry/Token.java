package dev.gantry.registry;

import java.time.Instant;

/// What a token server gave.
record Token(String text, Instant expires) {
    boolean isValid() {
        return Instant.now().isBefore(expires);
    }

    @Override
    public String toString() {
        return "Token[expires=%s]".formatted(expires);
    }
}
