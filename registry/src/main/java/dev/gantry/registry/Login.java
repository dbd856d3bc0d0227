package dev.gantry.registry;

import dev.gantry.registry.http.Answer;
import dev.gantry.registry.http.Call;
import dev.gantry.registry.http.Challenge;
import dev.gantry.registry.protocol.Statuses;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tries credentials, as `docker login` wants to have it done.
final class Login {
    private final Exchange exchange;
    private final Transport transport;
    private final TokenServer tokens;

    Login(Exchange exchange, Transport transport, TokenServer tokens) {
        this.exchange = exchange;
        this.transport = transport;
        this.tokens = tokens;
    }

    /// An identity token; null where the registry gives none.
    @Nullable
    String attempt(RegistryHost host, Credentials credentials) throws IOException {
        RegistryHost.Known known = host.known();
        URI ping = known.base().resolve("v2/");
        for (Challenge challenge : known.challenges()) {
            if (challenge.scheme().equals("bearer")) {
                TokenServer.Grant grant = grant(ping, known, challenge, credentials);
                check(ping, "Bearer " + grant.token().text());
                return grant.identity();
            }
        }
        for (Challenge challenge : known.challenges()) {
            if (challenge.scheme().equals("basic")) {
                check(ping, Authorizer.basic(credentials));
                return null;
            }
        }
        check(ping, null);
        return null;
    }

    private TokenServer.Grant grant(URI ping, RegistryHost.Known known, Challenge challenge, Credentials credentials)
            throws IOException {
        Authorizer authorizer = new Authorizer(transport, tokens, new TokenCache(), credentials);
        try {
            return tokens.token(authorizer.key(known.base(), challenge, List.of()), true);
        } catch (RegistryException.Unauthorized e) {
            throw new RegistryException.Unauthorized("Get \"%s\": %s".formatted(ping, e.getMessage()));
        }
    }

    private void check(URI ping, @Nullable String authorization) throws IOException {
        Call call = Call.of("GET", ping);
        try (Answer answer = exchange.send(authorization == null ? call : call.with("Authorization", authorization))) {
            String text = "login attempt to %s failed with status: %s".formatted(ping, Statuses.text(answer.status()));
            if (answer.status() == 401) {
                throw new RegistryException.Unauthorized(text);
            }
            if (answer.status() != 200) {
                throw new RegistryException.Refused(text, answer.status());
            }
        }
    }
}
