package dev.gantry.registry;

import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The tokens that are still valid, by what they are for and whose they are.
final class TokenCache {
    record Key(
            URI realm,
            String service,
            List<String> scopes,
            @Nullable Credentials credentials) {}

    /// What a token server gave.
    record Token(String text, Instant expires) {
        boolean isValid() {
            return Instant.now().isBefore(expires);
        }

        /// Without the secret, because this ends up in logs.
        @Override
        public String toString() {
            return "Token[expires=%s]".formatted(expires);
        }
    }

    private static final int CAPACITY = 1000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Key, Token> tokens = new LinkedHashMap<>();

    @Nullable
    Token get(Key key) {
        lock.lock();
        try {
            Token token = tokens.get(key);
            return token != null && token.isValid() ? token : null;
        } finally {
            lock.unlock();
        }
    }

    void put(Key key, Token token) {
        lock.lock();
        try {
            tokens.values().removeIf(each -> !each.isValid());
            if (tokens.size() >= CAPACITY) {
                tokens.remove(tokens.keySet().iterator().next());
            }
            tokens.put(key, token);
        } finally {
            lock.unlock();
        }
    }

    void remove(Key key) {
        lock.lock();
        try {
            tokens.remove(key);
        } finally {
            lock.unlock();
        }
    }
}
