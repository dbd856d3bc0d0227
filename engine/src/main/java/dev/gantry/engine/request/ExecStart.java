package dev.gantry.engine.request;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How an exec is started: the body of Docker's exec start request.
///
/// @param tty must be what the exec was created with
/// @param consoleSize height and width
public record ExecStart(
        @JsonProperty("Detach") boolean detach,
        @JsonProperty("Tty") boolean tty,
        @JsonProperty("ConsoleSize") @Nullable List<Integer> consoleSize) {}
