package dev.gantry.registry;

import dev.gantry.registry.http.Challenge;
import dev.gantry.registry.http.Interruptible;
import dev.gantry.registry.http.Origin;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Answers the challenges of one registry for one user.
final class Authorizer {
    /// @param header the value of `Authorization`; null for none
    /// @param fresh whether it was got just now, so that there is no better one
    record Authorization(@Nullable String header, boolean fresh) {
        private static final Authorization NONE = new Authorization(null, false);
    }

    private final Transport transport;
    private final TokenServer tokens;
    private final TokenCache cache;
    private final @Nullable Credentials credentials;

    /// Layers are asked for at the same time, and one token is enough for all of them.
    private final ReentrantLock lock = new ReentrantLock();

    Authorizer(Transport transport, TokenServer tokens, TokenCache cache, @Nullable Credentials credentials) {
        this.transport = transport;
        this.tokens = tokens;
        this.cache = cache;
        this.credentials = credentials;
    }

    /// @param base the registry
    /// @param renew whether a token that is kept is of no use
    Authorization answer(URI base, List<Challenge> challenges, List<String> scopes, boolean renew) throws IOException {
        if (credentials != null && credentials.registryToken() != null) {
            return new Authorization("Bearer " + credentials.registryToken(), true);
        }
        for (Challenge challenge : challenges) {
            if (challenge.scheme().equals("bearer")) {
                return bearer(key(base, challenge, scopes), renew);
            }
        }
        for (Challenge challenge : challenges) {
            if (challenge.scheme().equals("basic")) {
                return basicOf(base);
            }
        }
        return Authorization.NONE;
    }

    private Authorization bearer(TokenCache.Key key, boolean renew) throws IOException {
        Interruptible.lock(lock);
        try {
            if (renew) {
                cache.remove(key);
            }
            TokenCache.Token kept = cache.get(key);
            TokenCache.Token token = kept == null ? tokens.token(key, false).token() : kept;
            cache.put(key, token);
            return new Authorization("Bearer " + token.text(), kept == null);
        } finally {
            lock.unlock();
        }
    }

    private Authorization basicOf(URI base) throws RegistryException {
        if (credentials == null || !credentials.hasPassword()) {
            throw new RegistryException.Unauthorized(
                    "Get \"%s\": no basic auth credentials".formatted(base.resolve("v2/")));
        }
        return new Authorization(basic(credentials), true);
    }

    /// What a token is asked for with, after a look at where (CVE-2026-33540: whoever answers in the registry's place
    /// must
    /// not be able to have credentials sent to himself in the clear).
    TokenCache.Key key(URI base, Challenge challenge, List<String> scopes) throws RegistryException {
        String text = challenge.parameters().getOrDefault("realm", "");
        String service = challenge.parameters().getOrDefault("service", "");
        try {
            URI realm = URI.create(text);
            boolean encrypted = Origin.of(realm).isEncrypted();
            if (!encrypted && !(transport.isInsecure(base) && transport.isInsecure(realm))) {
                throw new RegistryException.Untrusted(
                        "%s: refused to ask for a token without TLS at %s".formatted(base, realm.getHost()), null);
            }
            if (realm.getRawUserInfo() == null && realm.getRawFragment() == null) {
                return new TokenCache.Key(realm, service, scopes, credentials);
            }
        } catch (IllegalArgumentException _) {
            // said below
        }
        throw new RegistryException.Corrupt("%s: invalid token auth challenge realm".formatted(base), null);
    }

    static String basic(Credentials credentials) {
        String pair = credentials.user() + ":" + credentials.password();
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }
}
