package dev.gantry.engine.stream;

import dev.gantry.engine.EngineException.Invalid;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The keys that leave a terminal without ending its process, in Docker's notation: `ctrl-p,ctrl-q`, `a,ctrl-x`.
public final class DetachKeys {
    /// Docker's own.
    public static final String DEFAULT = "ctrl-p,ctrl-q";

    private final byte[] sequence;
    private int matched;

    private DetachKeys(byte[] sequence) {
        this.sequence = sequence;
    }

    /// Reads the notation.
    ///
    /// @param text null is the default, empty is no keys
    /// @throws Invalid for what is no key
    public static DetachKeys parse(@Nullable String text) {
        String keys = text == null ? DEFAULT : text;
        if (keys.isEmpty()) {
            return new DetachKeys(new byte[0]);
        }
        String[] parts = keys.split(",", -1);
        byte[] sequence = new byte[parts.length];
        for (int i = 0; i < parts.length; i++) {
            sequence[i] = key(parts[i], keys);
        }
        return new DetachKeys(sequence);
    }

    private static byte key(String text, String whole) {
        if (text.length() == 1 && text.charAt(0) < 0x80) {
            return (byte) text.charAt(0);
        }
        if (text.length() == 6 && text.startsWith("ctrl-")) {
            char letter = text.charAt(5);
            if (letter >= 'a' && letter <= 'z') {
                return (byte) (letter - 'a' + 1);
            }
            int other = "@[\\]^_".indexOf(letter);
            if (other >= 0) {
                return (byte) (other == 0 ? 0 : 26 + other);
            }
        }
        throw new Invalid("Invalid detach keys (" + whole + ") provided: unknown character: '" + text + "'");
    }

    /// Looks at input and returns what of it goes to the process. Bytes that may begin the keys are kept back until it
    /// is clear that they do not; what follows the keys is not for the process.
    byte[] filter(byte[] input, int length) {
        if (sequence.length == 0) {
            return Arrays.copyOf(input, length);
        }
        byte[] out = new byte[length + sequence.length];
        int size = 0;
        for (int i = 0; i < length; i++) {
            if (matched > 0 && input[i] != sequence[matched]) {
                System.arraycopy(sequence, 0, out, size, matched);
                size += matched;
                matched = 0;
            }
            if (input[i] != sequence[matched]) {
                out[size++] = input[i];
            } else if (++matched == sequence.length) {
                return Arrays.copyOf(out, size);
            }
        }
        return Arrays.copyOf(out, size);
    }

    /// Whether the keys were read.
    boolean complete() {
        return sequence.length > 0 && matched == sequence.length;
    }
}
