package dev.gantry.registry;

import dev.gantry.registry.http.InsecureHosts;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// What an administrator decides about registries.
///
/// @param insecureRegistries `host`, `host:port` or networks that may be spoken to without TLS or without verification
/// @param mirrors of docker.io, in the order in which they are asked before it
/// @param certificateDirectories folders in Docker's layout: `host:port/*.crt` are trusted beside the system's, and
///     `*.cert` with `*.key` say who we are. All of them are read
/// @param systemCertificates files with trusted certificates: the first that exists, else the JDK's are taken
public record RegistryConfig(
        List<String> insecureRegistries,
        List<URI> mirrors,
        List<Path> certificateDirectories,
        List<Path> systemCertificates,
        ProxySettings proxies,
        String userAgent) {
    /// What Docker always takes for insecure: this host.
    public static final List<String> LOOPBACK = List.of("127.0.0.0/8", "::1/128");

    private static final List<Path> CERTIFICATES =
            List.of(Path.of("/etc/docker/certs.d"), Path.of("/etc/gantry/certs.d"));

    /// Debian and its relatives, Fedora and its relatives, SUSE, Alpine.
    private static final List<Path> SYSTEM_CERTIFICATES = List.of(
            Path.of("/etc/ssl/certs/ca-certificates.crt"),
            Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
            Path.of("/etc/ssl/ca-bundle.pem"),
            Path.of("/etc/ssl/cert.pem"));

    /// @throws IllegalArgumentException as [#check]
    public RegistryConfig {
        check(insecureRegistries, mirrors);
        insecureRegistries = List.copyOf(insecureRegistries);
        mirrors = List.copyOf(mirrors);
        certificateDirectories = List.copyOf(certificateDirectories);
        systemCertificates = List.copyOf(systemCertificates);
    }

    /// Looks at what an administrator has written.
    ///
    /// @throws IllegalArgumentException naming the registry or mirror that is none, with Docker's text
    public static void check(List<String> insecureRegistries, List<URI> mirrors) {
        mirrors.forEach(RegistryConfig::validate);
        var _ = new InsecureHosts(insecureRegistries);
    }

    /// As without configuration: only this host is insecure, there are no mirrors, and proxies and
    /// trusted certificates are what the environment says.
    ///
    /// @param environment `HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`, and `SSL_CERT_FILE`, which is read in
    ///     place of the system's certificates, as by OpenSSL
    /// @throws IllegalArgumentException naming the variable that is no URL
    public static RegistryConfig defaults(String userAgent, Map<String, String> environment) {
        String certificates = environment.getOrDefault("SSL_CERT_FILE", "");
        return new RegistryConfig(
                LOOPBACK,
                List.of(),
                CERTIFICATES,
                certificates.isEmpty() ? SYSTEM_CERTIFICATES : List.of(Path.of(certificates)),
                ProxySettings.fromEnvironment(environment),
                userAgent);
    }

    /// With these registries in place of the insecure ones. [#LOOPBACK] is not added.
    public RegistryConfig withInsecureRegistries(List<String> replacement) {
        return new RegistryConfig(replacement, mirrors, certificateDirectories, systemCertificates, proxies, userAgent);
    }

    public RegistryConfig withMirrors(List<URI> replacement) {
        return new RegistryConfig(
                insecureRegistries, replacement, certificateDirectories, systemCertificates, proxies, userAgent);
    }

    public RegistryConfig withCertificateDirectories(List<Path> replacement) {
        return new RegistryConfig(insecureRegistries, mirrors, replacement, systemCertificates, proxies, userAgent);
    }

    public RegistryConfig withProxies(ProxySettings replacement) {
        return new RegistryConfig(
                insecureRegistries, mirrors, certificateDirectories, systemCertificates, replacement, userAgent);
    }

    private static void validate(URI mirror) {
        if (mirror.getRawUserInfo() != null) {
            // without the URI, which ends up in logs
            throw new IllegalArgumentException("invalid mirror: username/password not allowed in URI");
        }
        String scheme = mirror.getScheme() == null ? "" : mirror.getScheme();
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException(
                    "invalid mirror: unsupported scheme \"%s\" in \"%s\": must use either 'https://' or 'http://'"
                            .formatted(scheme, mirror));
        }
        if (mirror.getRawQuery() != null || mirror.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "invalid mirror: query or fragment at end of the URI \"%s\"".formatted(mirror));
        }
        if (mirror.getHost() == null) {
            throw new IllegalArgumentException("invalid mirror: no host in \"%s\"".formatted(mirror));
        }
    }
}
