package dev.gantry.registry.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The files of one host in a folder of Docker's layout: `*.crt` are authorities, `*.cert` with `*.key` are who we are.
///
/// @param authorities trusted for this host beside the system's
public record HostCertificates(List<X509Certificate> authorities, List<Client> clients) {
    /// A certificate with its chain, and its key.
    public record Client(List<X509Certificate> chain, PrivateKey key) {}

    private static final String AUTHORITY = ".crt";
    private static final String CERTIFICATE = ".cert";
    private static final String KEY = ".key";

    /// Reads the host's folders.
    ///
    /// @param directories that contain folders named after hosts
    /// @param authority `host` or `host:port`
    /// @throws IOException with Docker's text if a certificate has no key or a key no certificate
    public static HostCertificates read(List<Path> directories, String authority) throws IOException {
        List<X509Certificate> authorities = new ArrayList<>();
        List<Client> clients = new ArrayList<>();
        for (Path directory : directories) {
            Path folder = directory.resolve(authority);
            if (isName(authority) && Files.isDirectory(folder)) {
                read(folder, authorities, clients);
            }
        }
        return new HostCertificates(List.copyOf(authorities), List.copyOf(clients));
    }

    // a redirect may have any authority: it must not lead to another folder
    private static boolean isName(String authority) {
        return !authority.startsWith(".") && authority.indexOf('/') < 0;
    }

    private static void read(Path folder, List<X509Certificate> authorities, List<Client> clients) throws IOException {
        TreeSet<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.forEach(file -> names.add(file.getFileName().toString()));
        }
        for (String name : names) {
            if (name.endsWith(AUTHORITY)) {
                authorities.addAll(Pem.certificates(folder.resolve(name)));
            } else if (name.endsWith(CERTIFICATE)) {
                String key = name.substring(0, name.length() - CERTIFICATE.length()) + KEY;
                if (!names.contains(key)) {
                    throw new IOException(
                            "missing key %s for client certificate %s. CA certificates must use the extension .crt"
                                    .formatted(key, name));
                }
                clients.add(new Client(Pem.certificates(folder.resolve(name)), Pem.privateKey(folder.resolve(key))));
            } else if (name.endsWith(KEY)) {
                String certificate = name.substring(0, name.length() - KEY.length()) + CERTIFICATE;
                if (!names.contains(certificate)) {
                    throw new IOException("missing client certificate %s for key %s".formatted(certificate, name));
                }
            }
        }
    }

    public boolean isEmpty() {
        return authorities.isEmpty() && clients.isEmpty();
    }
}
