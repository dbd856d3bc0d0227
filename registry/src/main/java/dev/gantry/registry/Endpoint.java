package dev.gantry.registry;

import dev.gantry.oci.ImageReference;
import dev.gantry.registry.http.Answer;
import dev.gantry.registry.http.Call;
import dev.gantry.registry.http.Challenge;
import dev.gantry.registry.http.Origin;
import dev.gantry.registry.protocol.Statuses;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One repository at one registry or mirror: requests with the user's authorization.
final class Endpoint {
    private final RegistryHost host;
    private final Exchange exchange;
    private final Authorizer authorizer;
    private final String path;
    private final String scope;

    Endpoint(RegistryHost host, Exchange exchange, Authorizer authorizer, String path, Access access) {
        this.host = host;
        this.exchange = exchange;
        this.authorizer = authorizer;
        this.path = path;
        this.scope = scope(path, access);
    }

    private static String scope(String path, Access access) {
        return "repository:%s:%s".formatted(path, access.actions());
    }

    /// A request about this repository.
    ///
    /// @param relative what follows the repository's name
    Call call(String method, String relative) throws IOException {
        return Call.of(method, host.known().base().resolve("v2/%s/%s".formatted(path, relative)));
    }

    Answer send(Call call) throws IOException {
        return send(call, List.of(scope));
    }

    /// Sends a request that reads from another repository, too.
    Answer send(Call call, String alsoReading) throws IOException {
        List<String> scopes = new ArrayList<>(List.of(scope));
        if (!alsoReading.equals(path)) {
            scopes.add(scope(alsoReading, Access.PULL));
        }
        return send(call, scopes);
    }

    private Answer send(Call call, List<String> scopes) throws IOException {
        try {
            RegistryHost.Known known = host.known();
            return isOwn(call.uri(), known) ? authorized(call, known, scopes) : exchange.send(call);
        } catch (RegistryException.Unreachable e) {
            host.forget();
            throw e;
        }
    }

    private Answer authorized(Call call, RegistryHost.Known known, List<String> scopes) throws IOException {
        var first = authorizer.answer(known.base(), known.challenges(), scopes, false);
        Answer answer = exchange.send(with(call, first.header()));
        if (answer.status() != 401 || first.fresh() || !isOwn(answer.uri(), known)) {
            return answer;
        }
        List<Challenge> challenges = Challenge.parse(answer.headerValues("WWW-Authenticate"));
        if (challenges.isEmpty()) {
            return answer;
        }
        answer.close();
        var second = authorizer.answer(known.base(), challenges, scopes, true);
        return exchange.send(with(call, second.header()));
    }

    private static Call with(Call call, @Nullable String authorization) {
        return authorization == null ? call : call.with("Authorization", authorization);
    }

    private static boolean isOwn(URI uri, RegistryHost.Known known) {
        return Origin.of(uri).equals(Origin.of(known.base()));
    }

    /// Whether there is what a HEAD request asks for.
    boolean has(Call call) throws IOException {
        try (Answer answer = send(call)) {
            return switch (answer.status()) {
                case 200 -> true;
                case 404 -> false;
                default -> throw refusal(answer, null);
            };
        }
    }

    /// Where the `Location` of an answer points to.
    URI location(Answer answer) throws IOException {
        return exchange.target(host.known().base(), answer);
    }

    /// The exception for an answer that is no success.
    ///
    /// @param pulled what somebody wants to have; null for everything else
    RegistryException refusal(Answer answer, @Nullable ImageReference pulled) throws IOException {
        if (isOwn(answer.uri(), host.known())) {
            return ErrorAnswers.of(answer, pulled);
        }
        // what another host says is shown to nobody: a redirect must not make it read an internal server
        return new RegistryException.Refused(
                "%s, where the registry redirected to, answered with HTTP status: %s"
                        .formatted(answer.uri().getHost(), Statuses.text(answer.status())),
                answer.status());
    }
}
