package dev.gantry.store;

import dev.gantry.oci.ImageReference;
import dev.gantry.oci.Platform;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a tar becomes an image.
///
/// @param reference the name; null makes a dangling image
/// @param changes Dockerfile instructions as of `docker import --change`, see [dev.gantry.oci.image.ConfigChange]
/// @param message the comment in the image's history
public record ImportOptions(
        @Nullable ImageReference reference, List<String> changes, String message, Platform platform) {
    public ImportOptions {
        changes = List.copyOf(changes);
    }
}
