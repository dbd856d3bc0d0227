package dev.gantry.engine;

import java.util.List;

/// A container that was created.
///
/// @param id 64 hexadecimal digits
/// @param warnings what was accepted and has no effect, or another than might be expected
public record Created(String id, List<String> warnings) {
    public Created {
        warnings = List.copyOf(warnings);
    }
}
