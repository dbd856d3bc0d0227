package dev.gantry.store;

import dev.gantry.oci.Digest;
import dev.gantry.oci.ImageReference;
import dev.gantry.oci.image.Execution;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The images of one data root. Safe for use by many threads; one process at a time (the daemon holds the lock).
@SuppressWarnings("DoNotCallSuggester") // signatures first
public final class ImageStore implements AutoCloseable {
    private ImageStore() {}

    /// Opens the store below `root`, which is made if it is missing. Unfinished work of an earlier process is
    /// deleted;
    /// garbage stays until [#collectGarbage], because leases of existing containers are not known yet.
    public static ImageStore open(Path root) throws IOException {
        throw notYet();
    }

    /// Makes an image of one layer from a tar, plain or compressed with gzip, bzip2, xz or zstd. The stream is read
    /// to
    /// its end and not closed. A name in use moves to the new image.
    ///
    /// @throws dev.gantry.oci.MalformedException if the tar, its compression or a change is malformed
    public Image importTar(InputStream tar, ImportOptions options) throws IOException {
        throw notYet();
    }

    /// Makes sure that a built-in image is there under this name and returns it. Its ID depends on the arguments
    /// alone.
    public Image addBuiltIn(ImageReference reference, Execution config, Map<String, byte[]> executables)
            throws IOException {
        throw notYet();
    }

    /// Finds an image by name (`latest` is the default tag), ID, or unambiguous start of an ID, with or without
    /// `sha256:`; names go first.
    ///
    /// @throws dev.gantry.oci.MalformedException if the text is neither a reference nor an ID
    /// @throws AmbiguousImageException if several IDs start with the text
    public Optional<Image> find(String idOrReference) throws IOException {
        throw notYet();
    }

    /// All images, newest first.
    public List<Image> list() {
        throw notYet();
    }

    /// Gives an image one more name. A name in use moves from its image, which stays, perhaps dangling.
    ///
    /// @throws java.util.NoSuchElementException if there is no such image
    public void tag(Digest imageId, ImageReference reference) throws IOException {
        throw notYet();
    }

    /// Takes a name away; its image stays, perhaps dangling.
    ///
    /// @return whether the name was in use
    public boolean untag(ImageReference reference) throws IOException {
        throw notYet();
    }

    /// Removes an image and all its names, then what nothing else needs.
    ///
    /// @return the layers that are gone, top first; empty as well if there was no such image
    public List<Digest> remove(Digest imageId) throws IOException {
        throw notYet();
    }

    /// Keeps an image's layers on disk until the lease is closed. Works for a removed image too as long as its
    /// content
    /// has not been collected.
    ///
    /// @throws java.util.NoSuchElementException if the image is not there
    public Lease lease(Digest imageId) throws IOException {
        throw notYet();
    }

    /// Deletes blobs and layers that neither an image nor a lease needs.
    ///
    /// @return the bytes that were freed on disk
    public long collectGarbage() throws IOException {
        throw notYet();
    }

    /// Reads every blob and every layer again and compares them with their digests.
    public List<Problem> verify() throws IOException {
        throw notYet();
    }

    private static UnsupportedOperationException notYet() {
        return new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
