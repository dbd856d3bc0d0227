package dev.gantry.engine.spec;

import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.engine.config.ContainerConfig;
import dev.gantry.engine.config.Healthcheck;
import dev.gantry.kernel.Signal;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What a request must keep by itself. The image's values are judged otherwise: nobody can correct them, so what
/// makes no sense in an image is left out.
public final class Requirements {
    private static final long SHORTEST = TimeUnit.MILLISECONDS.toNanos(1);

    private Requirements() {}

    /// Judges what a client asks for, before the image's values are filled in.
    ///
    /// @throws Invalid with Docker's text
    public static void check(ContainerConfig config) {
        for (String entry : config.env()) {
            if (entry.isEmpty() || entry.startsWith("=")) {
                throw new Invalid("invalid environment variable: " + entry);
            }
        }
        String signal = config.stopSignal();
        if (signal != null && !signal.isEmpty() && Signal.parse(signal).isEmpty()) {
            throw new Invalid("Invalid signal: " + signal);
        }
        check(config.healthcheck());
    }

    private static void check(@Nullable Healthcheck healthcheck) {
        if (healthcheck == null) {
            return;
        }
        check("Interval", healthcheck.interval());
        check("Timeout", healthcheck.timeout());
        check("StartPeriod", healthcheck.startPeriod());
        check("StartInterval", healthcheck.startInterval());
        if (healthcheck.retries() < 0) {
            throw new Invalid("Retries in Healthcheck cannot be negative");
        }
    }

    /// Zero stands for the default.
    private static void check(String name, long nanos) {
        if (nanos != 0 && nanos < SHORTEST) {
            throw new Invalid(name + " in Healthcheck cannot be less than 1ms");
        }
    }
}
