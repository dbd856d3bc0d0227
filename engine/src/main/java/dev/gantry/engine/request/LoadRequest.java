package dev.gantry.engine.request;

import dev.gantry.oci.Platform;
import java.io.InputStream;
import java.util.List;

/// An archive of images to be taken in.
///
/// @param archive is read to its end and not closed
/// @param platforms of several that an image has, those to take; none is all
public record LoadRequest(InputStream archive, List<Platform> platforms) {
    public LoadRequest {
        platforms = List.copyOf(platforms);
    }
}
