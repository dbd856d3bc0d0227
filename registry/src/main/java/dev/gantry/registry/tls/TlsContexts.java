package dev.gantry.registry.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// Makes TLS contexts.
public final class TlsContexts {
    private static final char[] NO_PASSWORD = {};

    private TlsContexts() {}

    /// Trusts the system's authorities and the host's.
    ///
    /// @param systemCertificates the first that exists has the system's; without one, the JDK's are taken
    public static SSLContext verified(List<Path> systemCertificates, HostCertificates host) throws IOException {
        try {
            List<X509Certificate> trusted = new ArrayList<>(systemAuthorities(systemCertificates));
            trusted.addAll(host.authorities());
            return context(host.clients(), trustManagers(store(trusted)));
        } catch (GeneralSecurityException e) {
            throw new IOException("no TLS: " + e.getMessage(), e);
        }
    }

    /// Trusts everybody: for registries that the administrator has called insecure.
    public static SSLContext unverified(HostCertificates host) throws IOException {
        try {
            return context(host.clients(), new TrustManager[] {new TrustEverybody()});
        } catch (GeneralSecurityException e) {
            throw new IOException("no TLS: " + e.getMessage(), e);
        }
    }

    private static SSLContext context(List<HostCertificates.Client> clients, TrustManager[] trust)
            throws GeneralSecurityException, IOException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(clients.isEmpty() ? null : keyManagers(clients), trust, null);
        return context;
    }

    private static List<X509Certificate> systemAuthorities(List<Path> files)
            throws GeneralSecurityException, IOException {
        Optional<Path> file = files.stream().filter(Files::isReadable).findFirst();
        if (file.isPresent()) {
            return Pem.certificates(file.get());
        }
        for (TrustManager manager : trustManagers(null)) {
            if (manager instanceof X509TrustManager trust) {
                return List.of(trust.getAcceptedIssuers());
            }
        }
        return List.of();
    }

    private static TrustManager[] trustManagers(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyManager[] keyManagers(List<HostCertificates.Client> clients)
            throws GeneralSecurityException, IOException {
        KeyStore store = store(List.of());
        for (int i = 0; i < clients.size(); i++) {
            HostCertificates.Client client = clients.get(i);
            store.setKeyEntry(
                    "client-" + i, client.key(), NO_PASSWORD, client.chain().toArray(X509Certificate[]::new));
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static KeyStore store(List<X509Certificate> trusted) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (int i = 0; i < trusted.size(); i++) {
            store.setCertificateEntry("authority-" + i, trusted.get(i));
        }
        return store;
    }
}
