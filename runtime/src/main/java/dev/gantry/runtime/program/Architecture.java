package dev.gantry.runtime.program;

import dev.gantry.oci.Platform;

/// A processor architecture that programs are encoded for.
public enum Architecture {
    X86_64,
    AARCH64;

    /// The architecture of a platform.
    ///
    /// @throws IllegalArgumentException if there is no encoder for it
    public static Architecture of(Platform platform) {
        String name = platform.normalised().architecture();
        return switch (name) {
            case "amd64" -> X86_64;
            case "arm64" -> AARCH64;
            default -> throw new IllegalArgumentException("architecture: got \"" + name + "\", want amd64 or arm64");
        };
    }

    /// The architecture of this machine.
    public static Architecture host() {
        return of(Platform.host());
    }
}
