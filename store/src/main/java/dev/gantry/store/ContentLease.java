package dev.gantry.store;

import dev.gantry.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.atomic.AtomicBoolean;

/// Keeps documents and blobs of images on disk while they are sent elsewhere, also after the images were removed.
public final class ContentLease implements AutoCloseable {
    private final Blobs blobs;
    private final Runnable release;
    private final AtomicBoolean closed = new AtomicBoolean();

    ContentLease(Blobs blobs, Runnable release) {
        this.blobs = blobs;
        this.release = release;
    }

    /// A manifest, an index or a configuration, compared with its digest.
    ///
    /// @throws NoSuchFileException if it is not there
    public byte[] document(Digest digest) throws IOException {
        return blobs.read(digest);
    }

    /// A new stream of a blob, from its beginning. It is not compared with its digest.
    ///
    /// @throws NoSuchFileException if it is not there
    public InputStream open(Digest digest) throws IOException {
        return blobs.open(digest);
    }

    /// Lets go. What belongs to no image is garbage from now on.
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            release.run();
        }
    }
}
