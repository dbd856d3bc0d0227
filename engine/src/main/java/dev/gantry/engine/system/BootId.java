package dev.gantry.engine.system;

import dev.gantry.engine.EngineException.Failed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Tells one boot of the host from another: no process outlives one.
public final class BootId {
    private static final Path FILE = Path.of("/proc/sys/kernel/random/boot_id");

    private BootId() {}

    /// The ID of this boot.
    public static String current() {
        try {
            return Files.readString(FILE).strip();
        } catch (IOException e) {
            throw new Failed(FILE + ": " + e.getMessage(), e);
        }
    }
}
