package dev.gantry.cli.create;

import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.option.Arguments;

/// The body of a request to change limits.
public final class UpdateRequest {
    private UpdateRequest() {}

    /// The changes that the flags ask for.
    ///
    /// @throws IllegalArgumentException for values that contradict each other or are malformed
    public static JsonValue of(Arguments flags) {
        return HostConfig.update(flags);
    }
}
