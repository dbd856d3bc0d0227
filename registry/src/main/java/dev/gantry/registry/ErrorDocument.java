package dev.gantry.registry;

import dev.gantry.oci.Absent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The body of an error (distribution specification, "Error Codes").
///
/// @param details what some registries send instead
record ErrorDocument(List<Entry> errors, @Nullable String details) {
    record Entry(@Nullable String code, @Nullable String message) {}

    ErrorDocument {
        errors = Absent.toEmpty(errors);
    }
}
