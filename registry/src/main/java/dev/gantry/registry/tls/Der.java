package dev.gantry.registry.tls;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;

/// Wraps the older formats of private keys (RFC 8017, RFC 5915) into the one that the JDK reads (RFC 5958).
final class Der {
    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    private static final int PARAMETERS = 0xa0;
    private static final byte[] VERSION_0 = HexFormat.of().parseHex("020100");
    private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");
    private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");

    private record Element(int tag, int start, int end) {}

    private Der() {}

    static byte[] pkcs8OfRsa(byte[] pkcs1) {
        return element(SEQUENCE, VERSION_0, RSA, element(OCTETS, pkcs1));
    }

    /// @throws GeneralSecurityException if the key does not name its curve
    static byte[] pkcs8OfEc(byte[] sec1) throws GeneralSecurityException {
        Element key = read(sec1, 0);
        for (int at = key.start(); at < key.end(); ) {
            Element part = read(sec1, at);
            if (part.tag() == PARAMETERS) {
                byte[] curve = Arrays.copyOfRange(sec1, part.start(), part.end());
                return element(SEQUENCE, VERSION_0, element(SEQUENCE, EC, curve), element(OCTETS, sec1));
            }
            at = part.end();
        }
        throw new GeneralSecurityException("key without the name of its curve");
    }

    private static Element read(byte[] der, int at) throws GeneralSecurityException {
        if (at + 2 > der.length) {
            throw new GeneralSecurityException("key ends early");
        }
        int length = der[at + 1] & 0xff;
        int start = at + 2;
        if (length > 0x80) {
            int octets = length - 0x80;
            if (octets > 2 || start + octets > der.length) {
                throw new GeneralSecurityException("key with an element that is too long");
            }
            length = 0;
            for (int i = 0; i < octets; i++) {
                length = (length << 8) | (der[start++] & 0xff);
            }
        }
        if (length > der.length - start) {
            throw new GeneralSecurityException("key ends early");
        }
        return new Element(der[at] & 0xff, start, start + length);
    }

    private static byte[] element(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.write(tag);
        int length = content.size();
        if (length < 0x80) {
            whole.write(length);
        } else if (length < 0x100) {
            whole.write(0x81);
            whole.write(length);
        } else {
            whole.write(0x82);
            whole.write(length >> 8);
            whole.write(length);
        }
        whole.writeBytes(content.toByteArray());
        return whole.toByteArray();
    }
}
