package dev.gantry.kernel.ffi;

import java.util.Locale;

/// The architectures that Gantry runs on; what differs between them are values, kept beside their use.
public enum Machine {
    X86_64,
    AARCH64;

    /// The architecture of this JVM.
    public static final Machine CURRENT = parse(System.getProperty("os.arch", ""));

    private static Machine parse(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> X86_64;
            case "aarch64", "arm64" -> AARCH64;
            case String other ->
                throw new UnsupportedOperationException(
                        "architecture \"" + other + "\": got neither x86-64 nor aarch64");
        };
    }

    /// A constant that differs between the architectures.
    public long choose(long onX86, long onAarch64) {
        return switch (this) {
            case X86_64 -> onX86;
            case AARCH64 -> onAarch64;
        };
    }
}
