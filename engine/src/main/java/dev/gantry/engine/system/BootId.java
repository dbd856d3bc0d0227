package dev.gantry.engine.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Tells one boot of the host from another: no process outlives one.
public final class BootId {
    private static final String CURRENT = read();

    private BootId() {}

    /// The ID of this boot.
    public static String current() {
        return CURRENT;
    }

    private static String read() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
