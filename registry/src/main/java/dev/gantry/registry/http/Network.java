package dev.gantry.registry.http;

import java.net.InetAddress;
import java.util.Arrays;

/// Addresses with a common beginning, such as `127.0.0.0/8`.
@SuppressWarnings("ArrayRecordComponent") // never compared
record Network(byte[] address, int bits) {
    static Network parse(String text) {
        int slash = text.indexOf('/');
        try {
            if (slash < 0) {
                throw new IllegalArgumentException("no prefix length");
            }
            byte[] address = InetAddress.ofLiteral(text.substring(0, slash)).getAddress();
            int bits = Integer.parseInt(text.substring(slash + 1));
            if (bits < 0 || bits > address.length * 8) {
                throw new IllegalArgumentException("prefix length " + bits);
            }
            return new Network(address, bits);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("invalid network %s".formatted(text), e);
        }
    }

    boolean contains(InetAddress other) {
        byte[] bytes = other.getAddress();
        if (bytes.length != address.length) {
            return false;
        }
        int whole = bits / 8;
        int rest = bits % 8;
        return Arrays.equals(address, 0, whole, bytes, 0, whole)
                && (rest == 0 || (address[whole] ^ bytes[whole]) >> (8 - rest) == 0);
    }
}
