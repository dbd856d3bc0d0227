package dev.gantry.registry.protocol;

import dev.gantry.oci.Absent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The body of an error (distribution specification, "Error Codes").
///
/// @param details what some registries send instead
public record ErrorDocument(List<Entry> errors, @Nullable String details) {
    public record Entry(@Nullable String code, @Nullable String message) {}

    public ErrorDocument {
        errors = Absent.toEmpty(errors);
    }
}
