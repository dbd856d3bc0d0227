package dev.gantry.engine.host;

import dev.gantry.engine.Engine;
import dev.gantry.engine.EngineException;
import dev.gantry.engine.EngineOptions;
import java.io.IOException;
import java.nio.file.Files;

/// Opens the engine on this host.
public final class HostEngine {
    private HostEngine() {}

    /// Takes the data root, which it creates if missing, reads what is there and settles what a crash or a
    /// reboot left.
    ///
    /// @throws EngineException.Conflict when another engine owns the data root
    /// @throws EngineException.Failed when the host lacks what is needed, in one sentence
    public static Engine open(EngineOptions options) {
        try {
            Files.createDirectories(options.dataRoot());
        } catch (IOException e) {
            throw new EngineException.Failed(options.dataRoot() + ": " + e.getMessage(), e);
        }
        throw new EngineException.Unsupported("the engine for " + options.dataRoot() + " comes next");
    }
}
