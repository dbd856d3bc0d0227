package dev.gantry.registry;

import dev.gantry.registry.http.Answer;
import dev.gantry.registry.http.Call;
import dev.gantry.registry.http.Origin;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Sends a request and follows where it is redirected to.
///
/// Credentials go to the host that they are for and nowhere else (CVE-2020-15157): once a redirect has left it, they
/// are
/// gone, even if a later redirect comes back.
final class Exchange {
    private static final String AUTHORIZATION = "Authorization";
    private static final int MAX_REDIRECTS = 10;

    private final Transport transport;

    Exchange(Transport transport) {
        this.transport = transport;
    }

    Answer send(Call first) throws IOException {
        return send(first, transport.limits().stall());
    }

    /// Sends the first request to a registry, which may be one that does not speak the way it is spoken to.
    Answer ping(Call first) throws IOException {
        return send(first, transport.limits().ping());
    }

    private Answer send(Call first, Duration patience) throws IOException {
        Call call = first;
        Origin home = Origin.of(first.uri());
        for (int hops = 0; ; hops++) {
            Answer answer = transport.send(call, patience);
            // the body of an upload belongs to who gave the upload's location
            boolean follows = first.method().equals("GET") || first.method().equals("HEAD");
            if (!answer.isRedirect() || !follows) {
                return answer;
            }
            try (answer) {
                if (hops == MAX_REDIRECTS) {
                    throw new RegistryException.Corrupt(
                            "%s: stopped after %d redirects".formatted(first.uri(), MAX_REDIRECTS), null);
                }
                URI target = target(first.uri(), answer);
                call = Origin.of(target).equals(home)
                        ? call.at(target)
                        : call.at(target).without(AUTHORIZATION);
            }
        }
    }

    /// Where a `Location` points to, checked.
    ///
    /// @param start the first URI, whose host decides whether encryption may be given up
    URI target(URI start, Answer answer) throws RegistryException {
        String location = answer.header("Location");
        URI target = resolve(answer.uri(), location);
        if (target == null) {
            throw new RegistryException.Corrupt("%s: no usable location in the answer".formatted(start), null);
        }
        boolean encrypted = Origin.of(answer.uri()).isEncrypted();
        if (encrypted && !Origin.of(target).isEncrypted() && !transport.isInsecure(start)) {
            throw new RegistryException.Untrusted(
                    "%s: refused to go on without TLS at %s".formatted(start, target.getHost()), null);
        }
        return target;
    }

    private static @Nullable URI resolve(URI from, @Nullable String location) {
        if (location == null) {
            return null;
        }
        try {
            URI target = from.resolve(location);
            Origin.of(target);
            return target.getRawUserInfo() == null ? target : null;
        } catch (IllegalArgumentException _) {
            return null;
        }
    }
}
