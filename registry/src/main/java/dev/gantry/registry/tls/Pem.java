package dev.gantry.registry.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Certificates and keys as text (RFC 7468). The JDK's own reader of keys is a preview.
final class Pem {
    private static final int MAX_SIZE = 4 << 20;
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]++)-----([^-]*+)-----END \\1-----", Pattern.DOTALL);

    private record Block(String label, String body) {
        byte[] der() {
            return Base64.getMimeDecoder().decode(body);
        }
    }

    private Pem() {}

    /// All certificates of a file. Entries that are no certificates of this kind are left out, as Go leaves them out.
    static List<X509Certificate> certificates(Path file) throws IOException {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Block block : blocks(file)) {
                if (block.label().equals("CERTIFICATE")) {
                    certificates.add(
                            (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.der())));
                }
            }
        } catch (CertificateException | IllegalArgumentException e) {
            throw new IOException("%s: not a certificate: %s".formatted(file, e.getMessage()), e);
        }
        return certificates;
    }

    /// The first private key of a file, which must not be encrypted.
    static PrivateKey privateKey(Path file) throws IOException {
        for (Block block : blocks(file)) {
            try {
                switch (block.label()) {
                    case "PRIVATE KEY" -> {
                        return anyKey(block.der());
                    }
                    case "RSA PRIVATE KEY" -> {
                        return key("RSA", Der.pkcs8OfRsa(block.der()));
                    }
                    case "EC PRIVATE KEY" -> {
                        return key("EC", Der.pkcs8OfEc(block.der()));
                    }
                    case "ENCRYPTED PRIVATE KEY" -> throw new IOException("%s: key is encrypted".formatted(file));
                    default -> {
                        // parameters or certificates before the key
                    }
                }
            } catch (GeneralSecurityException | IllegalArgumentException e) {
                throw new IOException("%s: not a private key: %s".formatted(file, e.getMessage()), e);
            }
        }
        throw new IOException("%s: no private key in it".formatted(file));
    }

    private static PrivateKey anyKey(byte[] pkcs8) throws GeneralSecurityException {
        GeneralSecurityException last = null;
        for (String algorithm : List.of("RSA", "EC", "EdDSA", "RSASSA-PSS")) {
            try {
                return key(algorithm, pkcs8);
            } catch (GeneralSecurityException e) {
                last = e;
            }
        }
        throw new GeneralSecurityException("unknown kind of key", last);
    }

    private static PrivateKey key(String algorithm, byte[] pkcs8) throws GeneralSecurityException {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    private static List<Block> blocks(Path file) throws IOException {
        if (Files.size(file) > MAX_SIZE) {
            throw new IOException("%s: larger than %d bytes".formatted(file, MAX_SIZE));
        }
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
        while (matcher.find()) {
            blocks.add(new Block(matcher.group(1), matcher.group(2)));
        }
        return blocks;
    }
}
