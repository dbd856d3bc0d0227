package dev.gantry.cli.stream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Locale;

/// A sequence of keys that leaves a container without ending it, such as `ctrl-p,ctrl-q`.
public final class DetachKeys {
    /// Docker's own: Ctrl-P, Ctrl-Q.
    private static final byte[] USUAL = {16, 17};

    private final byte[] sequence;
    private int matched;

    private DetachKeys(byte[] sequence) {
        this.sequence = sequence;
    }

    /// Reads keys between commas: single characters, or `ctrl-` and one of `a-z@[\]^_`. Empty means the usual ones.
    ///
    /// @throws IllegalArgumentException with Docker's text
    public static DetachKeys parse(String text) {
        if (text.isEmpty()) {
            return new DetachKeys(USUAL);
        }
        ByteArrayOutputStream keys = new ByteArrayOutputStream();
        for (String key : text.split(",", -1)) {
            keys.write(key(text, key));
        }
        return new DetachKeys(keys.toByteArray());
    }

    private static int key(String text, String key) {
        if (key.length() == 1 && key.charAt(0) < 0x80) {
            return key.charAt(0);
        }
        String lower = key.toLowerCase(Locale.ROOT);
        if (lower.startsWith("ctrl-") && lower.length() == 6) {
            char c = lower.charAt(5);
            if (c >= 'a' && c <= 'z') {
                return c - 'a' + 1;
            }
            int special = "@[\\]^_".indexOf(c);
            if (special == 0) {
                return 0;
            }
            if (special > 0) {
                return 26 + special;
            }
        }
        throw new IllegalArgumentException("invalid detach keys (" + text + "): Unknown character: '" + key + "'");
    }

    /// Passes typed bytes on, except ones that may be the sequence; these follow when it turns out that they are not.
    ///
    /// @return whether the sequence is complete; the rest of the bytes is dropped then
    boolean pass(byte[] bytes, int length, OutputStream target) throws IOException {
        ByteArrayOutputStream passed = new ByteArrayOutputStream(length + sequence.length);
        for (int i = 0; i < length; i++) {
            if (bytes[i] == sequence[matched]) {
                matched++;
                if (matched == sequence.length) {
                    matched = 0;
                    target.write(passed.toByteArray());
                    return true;
                }
                continue;
            }
            passed.write(sequence, 0, matched);
            // what broke the sequence may begin it anew
            matched = bytes[i] == sequence[0] ? 1 : 0;
            if (matched == 0) {
                passed.write(bytes[i]);
            }
        }
        if (passed.size() > 0) {
            target.write(passed.toByteArray());
        }
        return false;
    }

    @Override
    public String toString() {
        return Arrays.toString(sequence);
    }
}
