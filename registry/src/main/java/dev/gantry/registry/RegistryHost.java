package dev.gantry.registry;

import dev.gantry.registry.http.Answer;
import dev.gantry.registry.http.Call;
import dev.gantry.registry.http.Challenge;
import dev.gantry.registry.http.Interruptible;
import dev.gantry.registry.http.Origin;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A registry, and how to speak to it: found out with the first request and kept until the connection fails.
final class RegistryHost {
    /// @param base ends with a slash
    /// @param challenges of the answer to the first request; empty where nobody is asked who they are
    record Known(URI base, List<Challenge> challenges) {}

    private final Exchange exchange;
    private final Supplier<List<URI>> candidates;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Known known;
    private boolean hasAnswered;

    /// @param candidates base URIs, each ending with a slash, in the order in which they are tried
    RegistryHost(Exchange exchange, Supplier<List<URI>> candidates) {
        this.exchange = exchange;
        this.candidates = candidates;
    }

    Known known() throws IOException {
        Interruptible.lock(lock);
        try {
            if (known == null) {
                known = find();
                hasAnswered = true;
            }
            return known;
        } finally {
            lock.unlock();
        }
    }

    /// Lets the next request find out anew.
    void forget() {
        lock.lock();
        try {
            known = null;
        } finally {
            lock.unlock();
        }
    }

    private Known find() throws IOException {
        RegistryException earlier = null;
        for (URI candidate : candidates.get()) {
            try {
                return ping(candidate);
            } catch (RegistryException e) {
                RegistryException failure = hasAnswered ? e : asFinal(e);
                if (earlier != null) {
                    failure.addSuppressed(earlier);
                }
                earlier = failure;
            }
        }
        throw earlier == null ? new IOException("no address of the registry") : earlier;
    }

    // who mistypes a name wants to hear of it at once; a registry that was there may come back
    private static RegistryException asFinal(RegistryException failure) {
        return failure instanceof RegistryException.Unreachable unreachable ? unreachable.asFinal() : failure;
    }

    private Known ping(URI base) throws IOException {
        Call call = Call.of("GET", base.resolve("v2/"));
        try (Answer answer = exchange.ping(call)) {
            // another host may not say what this one's credentials are sent to
            boolean own = Origin.of(answer.uri()).equals(Origin.of(base));
            return new Known(base, own ? Challenge.parse(answer.headerValues("WWW-Authenticate")) : List.of());
        }
    }
}
