package dev.gantry.registry;

import dev.gantry.registry.Retry.Limits;
import dev.gantry.registry.http.Answer;
import dev.gantry.registry.http.Call;
import dev.gantry.registry.http.InsecureHosts;
import dev.gantry.registry.http.NetworkFailure;
import dev.gantry.registry.http.ProxyRoutes;
import dev.gantry.registry.http.Wire;
import dev.gantry.registry.tls.HostCertificates;
import dev.gantry.registry.tls.TlsContexts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;

/// The way to all hosts: which of them are insecure, who is trusted there, through which proxy.
final class Transport implements AutoCloseable {
    /// Hosts with the same answers share connections.
    private record Profile(boolean insecure, HostCertificates certificates) {}

    /// Each has a thread, and each change of a host's certificates makes a new one.
    private static final int MAX_WIRES = 64;

    private static final int PROXY_WANTS_PASSWORD = 407;

    private static final HostCertificates NO_CERTIFICATES = new HostCertificates(List.of(), List.of());

    static {
        // by default the JDK's client tells no password to a proxy that it connects to TLS servers through; it reads
        // this once
        String schemes = "jdk.http.auth.tunneling.disabledSchemes";
        if (System.getProperty(schemes) == null) {
            String _ = System.setProperty(schemes, "");
        }
    }

    private final RegistryConfig config;
    private final Limits limits;
    private final InsecureHosts insecure;
    private final ProxyRoutes proxies;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Profile, Wire> wires = new HashMap<>();

    Transport(RegistryConfig config, Limits limits) {
        this.config = config;
        this.limits = limits;
        this.insecure = new InsecureHosts(config.insecureRegistries());
        ProxySettings settings = config.proxies();
        this.proxies = new ProxyRoutes(settings.http(), settings.https(), settings.exceptions());
    }

    Limits limits() {
        return limits;
    }

    /// Whether a host may be spoken to without TLS, or without verification.
    ///
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
        return send(call, limits.stall());
    }

    /// Sends one request and follows no redirect.
    ///
    /// @param patience for the beginning of the answer
    Answer send(Call call, Duration patience) throws IOException {
        Wire wire = wire(profile(call.uri()));
        Answer answer;
        try {
            answer = wire.send(forProxy(call).with("User-Agent", config.userAgent()), patience);
        } catch (IOException e) {
            if (NetworkFailure.isInterruption(e)) {
                throw e;
            }
            NetworkFailure failure = NetworkFailure.of(call, e, proxies.address(call.uri()));
            throw failure.untrusted()
                    ? new RegistryException.Untrusted(failure.text(), e)
                    : new RegistryException.Unreachable(failure.text(), e);
        }
        if (answer.status() == PROXY_WANTS_PASSWORD) {
            try (answer) {
                throw new RegistryException.Refused(
                        NetworkFailure.of(call, "Proxy Authentication Required"), answer.status());
            }
        }
        return answer;
    }

    // the JDK's client gives it to the proxy and to nobody behind it
    private Call forProxy(Call call) {
        String authorization = proxies.authorization(call.uri());
        return authorization == null ? call : call.with("Proxy-Authorization", authorization);
    }

    // certificates are read each time, as Docker does, so that new ones need no new daemon
    private Profile profile(URI uri) throws RegistryException {
        if (!"https".equals(uri.getScheme())) {
            return new Profile(false, NO_CERTIFICATES);
        }
        try {
            return new Profile(
                    isInsecure(uri), HostCertificates.read(config.certificateDirectories(), uri.getRawAuthority()));
        } catch (IOException e) {
            throw new RegistryException.Untrusted(String.valueOf(e.getMessage()), e);
        }
    }

    private Wire wire(Profile profile) throws IOException {
        lock.lock();
        try {
            Wire known = wires.get(profile);
            if (known != null) {
                return known;
            }
            if (wires.size() >= MAX_WIRES) {
                wires.values().forEach(Wire::retire);
                wires.clear();
            }
            Wire wire = open(profile);
            wires.put(profile, wire);
            return wire;
        } finally {
            lock.unlock();
        }
    }

    private Wire open(Profile profile) throws IOException {
        SSLContext context = profile.insecure()
                ? TlsContexts.unverified(profile.certificates())
                : TlsContexts.verified(config.systemCertificates(), profile.certificates());
        HttpClient.Builder client = HttpClient.newBuilder()
                // one connection for each layer is faster than streams that share one
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(limits.connect())
                .proxy(proxies)
                .sslContext(context);
        return new Wire(client.build(), limits.stall());
    }

    @Override
    public void close() {
        lock.lock();
        try {
            wires.values().forEach(Wire::close);
        } finally {
            lock.unlock();
        }
    }
}
