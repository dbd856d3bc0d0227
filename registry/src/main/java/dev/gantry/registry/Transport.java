package dev.gantry.registry;

import dev.gantry.registry.http.Answer;
import dev.gantry.registry.http.Call;
import dev.gantry.registry.http.InsecureHosts;
import dev.gantry.registry.http.Wire;
import dev.gantry.registry.tls.TlsContexts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import javax.net.ssl.SSLContext;

/// The way to all hosts: which of them are insecure, who is trusted there, through which proxy.
final class Transport implements AutoCloseable {
    private final RegistryConfig config;
    private final Limits limits;
    private final InsecureHosts insecure;
    private final Wire verified;
    private final Wire unverified;

    Transport(RegistryConfig config, Limits limits) throws IOException {
        this.config = config;
        this.limits = limits;
        this.insecure = new InsecureHosts(config.insecureRegistries());
        this.verified = wire(TlsContexts.verified());
        this.unverified = wire(TlsContexts.unverified());
    }

    private Wire wire(SSLContext context) {
        return new Wire(
                HttpClient.newBuilder()
                        // one connection for each layer is faster than streams that share one
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(limits.connect())
                        .sslContext(context)
                        .build(),
                limits.stall());
    }

    Limits limits() {
        return limits;
    }

    /// @param authority `host` or `host:port`
    boolean isInsecure(String authority) {
        return insecure.contains(authority);
    }

    boolean isInsecure(URI uri) {
        return isInsecure(uri.getRawAuthority());
    }

    /// Sends one request and follows no redirect.
    ///
    /// @throws RegistryException if there is no answer
    Answer send(Call call) throws IOException {
        try {
            return wire(call.uri()).send(call.with("User-Agent", config.userAgent()));
        } catch (IOException e) {
            throw NetworkFailures.of(call, e);
        }
    }

    private Wire wire(URI uri) {
        return "https".equals(uri.getScheme()) && isInsecure(uri) ? unverified : verified;
    }

    @Override
    public void close() {
        verified.close();
        unverified.close();
    }
}
