package dev.gantry.registry;

import dev.gantry.oci.Json;
import dev.gantry.oci.MalformedException;
import dev.gantry.registry.http.Answer;
import dev.gantry.registry.http.Call;
import dev.gantry.registry.protocol.TokenAnswer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Gets tokens, as distribution's token specification and its OAuth 2 variant say.
final class TokenServer {
    /// @param identity a new identity token, where one was asked for and given
    record Grant(TokenCache.Token token, @Nullable String identity) {}

    /// As Docker's, which some token servers know by name.
    private static final String CLIENT_ID = "docker";

    private static final int MAX_ANSWER = 1 << 20;
    private static final long SHORTEST_LIFE = 60;
    private static final long LONGEST_LIFE = 24 * 60 * 60;
    private static final long ON_THE_WAY = 5;
    private static final Pattern USABLE = Pattern.compile("[!-~]{1,65536}");

    private final Exchange exchange;

    TokenServer(Exchange exchange) {
        this.exchange = exchange;
    }

    /// @param offline whether to ask for an identity token, too
    Grant token(TokenCache.Key key, boolean offline) throws IOException {
        Credentials credentials = key.credentials();
        String identity = credentials == null ? null : credentials.identityToken();
        Call call = identity == null || identity.isEmpty() ? get(key, offline) : post(key, identity);
        Instant asked = Instant.now();
        try (Answer answer = exchange.send(call)) {
            if (!answer.isSuccess()) {
                throw ErrorAnswers.of(answer, null);
            }
            byte[] document = Contents.read(answer, MAX_ANSWER, "token response of " + key.realm());
            return grant(Json.read(document, TokenAnswer.class), asked);
        } catch (MalformedException e) {
            throw new RegistryException.Corrupt("token response of %s: %s".formatted(key.realm(), e.getMessage()), e);
        }
    }

    private static Call get(TokenCache.Key key, boolean offline) {
        List<String> query = new ArrayList<>();
        if (!key.service().isEmpty()) {
            query.add("service=" + encoded(key.service()));
        }
        key.scopes().forEach(scope -> query.add("scope=" + encoded(scope)));
        if (offline) {
            query.add("offline_token=true");
            query.add("client_id=" + CLIENT_ID);
        }
        Credentials credentials = key.credentials();
        if (credentials == null || !credentials.hasPassword()) {
            return Call.of("GET", withQuery(key.realm(), query));
        }
        query.add("account=" + encoded(credentials.user()));
        return Call.of("GET", withQuery(key.realm(), query)).with("Authorization", Authorizer.basic(credentials));
    }

    private static Call post(TokenCache.Key key, String identity) {
        String form = String.join(
                "&",
                "grant_type=refresh_token",
                "refresh_token=" + encoded(identity),
                "client_id=" + CLIENT_ID,
                "service=" + encoded(key.service()),
                "scope=" + encoded(String.join(" ", key.scopes())));
        return Call.of("POST", key.realm())
                .with("Content-Type", "application/x-www-form-urlencoded")
                .sending(_ -> HttpRequest.BodyPublishers.ofString(form));
    }

    private static URI withQuery(URI realm, List<String> query) {
        String text = realm.toString();
        String joined = String.join("&", query);
        return URI.create(joined.isEmpty() ? text : text + (realm.getRawQuery() == null ? "?" : "&") + joined);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static Grant grant(TokenAnswer answer, Instant asked) throws RegistryException {
        String access = answer.accessToken();
        String text = access == null || access.isEmpty() ? answer.token() : access;
        if (text == null || !USABLE.matcher(text).matches()) {
            throw new RegistryException.Corrupt("authorization server did not include a token in the response", null);
        }
        Long told = answer.expiresIn();
        long life = Math.clamp(told == null ? 0 : told, SHORTEST_LIFE, LONGEST_LIFE);
        return new Grant(new TokenCache.Token(text, asked.plusSeconds(life - ON_THE_WAY)), answer.refreshToken());
    }
}
