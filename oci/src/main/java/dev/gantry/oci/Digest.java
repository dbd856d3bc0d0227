package dev.gantry.oci;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The address of some bytes: `algorithm:hex`.
///
/// Only the registered algorithms of the OCI image specification (descriptor, "Registered Algorithms") exist here;
/// anything else can't be verified and is refused.
///
/// @param hex lower-case digits, as many as the algorithm gives
public record Digest(Algorithm algorithm, String hex) implements Comparable<Digest> {
    /// A registered hash function.
    public enum Algorithm {
        SHA256("sha256", "SHA-256", 64),
        SHA512("sha512", "SHA-512", 128);

        private final String label;
        private final String javaName;
        private final int hexLength;

        Algorithm(String label, String javaName, int hexLength) {
            this.label = label;
            this.javaName = javaName;
            this.hexLength = hexLength;
        }

        /// The name before the colon, and of the folder below `blobs/` in an image layout.
        public String label() {
            return label;
        }

        public MessageDigest newMessageDigest() {
            try {
                return MessageDigest.getInstance(javaName);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("the JDK has no " + javaName, e);
            }
        }

        /// Ends the computation and gives its result.
        public Digest finish(MessageDigest computation) {
            return new Digest(this, HexFormat.of().formatHex(computation.digest()));
        }
    }

    /// @throws IllegalArgumentException if `hex` is not of the algorithm's length or not lower-case hexadecimal
    public Digest {
        if (hex.length() != algorithm.hexLength) {
            throw new IllegalArgumentException("invalid checksum digest length");
        }
        if (!isLowerHex(hex)) {
            throw new IllegalArgumentException("invalid checksum digest format");
        }
    }

    /// Parses `algorithm:hex`.
    ///
    /// @throws MalformedException with Docker's texts
    public static Digest parse(String text) throws MalformedException {
        try {
            return fromJson(text);
        } catch (IllegalArgumentException e) {
            throw new MalformedException(String.valueOf(e.getMessage()), e);
        }
    }

    /// The SHA-256 of the bytes.
    public static Digest of(byte[] bytes) {
        MessageDigest computation = Algorithm.SHA256.newMessageDigest();
        computation.update(bytes);
        return Algorithm.SHA256.finish(computation);
    }

    /// A SHA-256 digest by its 64 hexadecimal digits.
    public static Digest sha256(String hex) {
        return new Digest(Algorithm.SHA256, hex);
    }

    /// Whether the text is 64 lower-case hexadecimal digits, which Docker takes as an image ID and never as a name.
    public static boolean isHexId(String text) {
        return text.length() == Algorithm.SHA256.hexLength && isLowerHex(text);
    }

    /// The first twelve digits, as Docker prints IDs.
    public String shortHex() {
        return hex.substring(0, 12);
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Digest fromJson(String text) {
        int colon = text.indexOf(':');
        if (colon <= 0 || colon == text.length() - 1) {
            throw new IllegalArgumentException("invalid checksum digest format");
        }
        String label = text.substring(0, colon);
        for (Algorithm algorithm : Algorithm.values()) {
            if (algorithm.label.equals(label)) {
                return new Digest(algorithm, text.substring(colon + 1));
            }
        }
        throw new IllegalArgumentException("unsupported digest algorithm");
    }

    private static boolean isLowerHex(String text) {
        return text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }

    @Override
    public int compareTo(Digest other) {
        return toString().compareTo(other.toString());
    }

    @Override
    @JsonValue
    public String toString() {
        return algorithm.label + ":" + hex;
    }
}
