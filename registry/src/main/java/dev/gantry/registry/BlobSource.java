package dev.gantry.registry;

import java.io.IOException;
import java.io.InputStream;

/// Content that is uploaded, which may have to be read again from its beginning when a connection is cut.
@FunctionalInterface
public interface BlobSource {
    /// A new stream over the same bytes. Whoever opens it closes it.
    InputStream open() throws IOException;
}
