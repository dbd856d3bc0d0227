package dev.gantry.registry.http;

import dev.gantry.registry.protocol.Statuses;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/// Why there was no answer, in Docker's words.
///
/// @param untrusted whether TLS is the reason, so that trying again makes no sense
public record NetworkFailure(String text, boolean untrusted) {
    private static final Pattern TUNNEL = Pattern.compile("Tunnel failed, got: ([0-9]{3})");
    private static final Pattern ALERT = Pattern.compile("Received fatal alert: ([a-z_]+)");

    /// Whether the failure is only that the thread was interrupted. A time limit of the HTTP client is not.
    public static boolean isInterruption(IOException failure) {
        return failure instanceof InterruptedIOException
                && Thread.currentThread().isInterrupted();
    }

    /// Reads what the HTTP client throws.
    ///
    /// @param proxy `host:port` of the proxy that the call goes through; null for none
    public static NetworkFailure of(Call call, IOException failure, @Nullable String proxy) {
        SSLException tls = cause(failure, SSLException.class);
        String reason = tls == null ? null : tlsReason(call.uri().getHost(), tls);
        if (reason != null) {
            return new NetworkFailure(of(call, reason), true);
        }
        String dial = proxy == null ? "dial tcp" : "proxyconnect tcp: dial tcp";
        return new NetworkFailure(of(call, reason(dial, proxy == null ? address(call) : proxy, failure)), false);
    }

    /// Says why a call came to nothing.
    public static String of(Call call, String reason) {
        return "%s \"%s\": %s".formatted(capitalised(call.method()), withoutQuery(call), reason);
    }

    // redirects to storage carry signatures there
    private static String withoutQuery(Call call) {
        String text = call.uri().toString();
        int query = text.indexOf('?');
        return query < 0 ? text : text.substring(0, query);
    }

    private static String capitalised(String method) {
        return method.charAt(0) + method.substring(1).toLowerCase(Locale.ROOT);
    }

    private static String reason(String dial, String address, IOException failure) {
        if (cause(failure, UnresolvedAddressException.class) != null
                || cause(failure, UnknownHostException.class) != null) {
            return "%s: lookup %s: no such host".formatted(dial, address.substring(0, address.lastIndexOf(':')));
        }
        return switch (failure) {
            case HttpConnectTimeoutException _ -> "%s %s: i/o timeout".formatted(dial, address);
            case HttpTimeoutException timeout -> "net/http: timeout awaiting response: " + timeout.getMessage();
            case ConnectException _ -> "%s %s: connect: %s".formatted(dial, address, connectReason(failure));
            default -> brokenReason(failure.getMessage());
        };
    }

    private static String brokenReason(@Nullable String message) {
        if (message == null) {
            return "connection closed";
        }
        Matcher refused = TUNNEL.matcher(message);
        return refused.matches() ? "proxy answered " + Statuses.text(Integer.parseInt(refused.group(1))) : message;
    }

    private static String connectReason(IOException failure) {
        Throwable deepest = failure;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        String message = deepest.getMessage();
        return message == null ? "connection refused" : message.toLowerCase(Locale.ROOT);
    }

    private static String address(Call call) {
        int port = call.uri().getPort();
        int effective = port >= 0 ? port : "https".equals(call.uri().getScheme()) ? 443 : 80;
        return call.uri().getHost() + ":" + effective;
    }

    /// Why TLS was refused; null if the connection merely broke.
    private static @Nullable String tlsReason(@Nullable String host, SSLException tls) {
        String message = String.valueOf(tls.getMessage());
        if (message.startsWith("Un") && message.contains("recognized SSL message")) {
            return "http: server gave HTTP response to HTTPS client";
        }
        Matcher alert = ALERT.matcher(message);
        if (alert.find()) {
            return "remote error: tls: " + alert.group(1).replace('_', ' ');
        }
        String verification = "tls: failed to verify certificate: x509: ";
        if (cause(tls, CertificateExpiredException.class) != null
                || cause(tls, CertificateNotYetValidException.class) != null) {
            return verification + "certificate has expired or is not yet valid";
        }
        if (cause(tls, CertPathValidatorException.class) != null || message.contains("find valid certification path")) {
            return verification + "certificate signed by unknown authority";
        }
        if (cause(tls, CertificateException.class) != null) {
            return verification + "certificate is not valid for " + host;
        }
        return tls instanceof SSLHandshakeException && !message.contains("terminated")
                ? "tls: handshake failure: " + message
                : null;
    }

    private static <T extends Throwable> @Nullable T cause(Throwable failure, Class<T> type) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (type.isInstance(each)) {
                return type.cast(each);
            }
        }
        return null;
    }
}
