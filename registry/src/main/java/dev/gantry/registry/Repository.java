package dev.gantry.registry;

import dev.gantry.oci.Digest;
import dev.gantry.oci.ImageReference;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.image.Descriptor;
import dev.gantry.registry.Retry.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;

/// A repository in a registry. Safe for use by several threads: layers are transferred at the same time.
///
/// Every method throws a [RegistryException] if the registry or the way to it says no, and an
/// [java.io.InterruptedIOException] when its thread is interrupted. What may pass is tried again first.
public final class Repository {
    private static final Logger LOGGER = System.getLogger(Repository.class.getName());

    private interface Operation<T> {
        T at(Endpoint endpoint) throws IOException;
    }

    private final ImageReference reference;
    private final List<Endpoint> endpoints;
    private final Limits limits;

    /// @param endpoints mirrors, then the registry itself
    Repository(ImageReference reference, List<Endpoint> endpoints, Limits limits) {
        this.reference = reference;
        this.endpoints = List.copyOf(endpoints);
        this.limits = limits;
    }

    /// What a tag or digest names, verified against its digest and the digest that the registry states. Both families
    /// of
    /// media types are accepted; a document that two readers could understand differently is not.
    ///
    /// @throws MalformedException if it is neither a tag nor a digest
    public FetchedManifest manifest(String tagOrDigest) throws IOException {
        ImageReference wanted = named(tagOrDigest);
        return Retry.run(limits, () -> anywhere(endpoint -> Manifests.fetch(endpoint, wanted)));
    }

    /// A blob, from its first byte on. A connection that is cut is taken up again where it was; content of another size
    /// or
    /// digest makes the read throw that would have given the last bytes.
    public InputStream blob(Descriptor descriptor) throws IOException {
        BlobStream stream = new BlobStream(
                descriptor,
                position -> anywhere(endpoint -> Blobs.open(endpoint, reference, descriptor, position)),
                limits);
        stream.start();
        return stream;
    }

    /// Whether the registry itself (no mirror) has the blob in this repository.
    public boolean hasBlob(Digest digest) throws IOException {
        return Retry.run(limits, () -> Blobs.exists(origin(), digest));
    }

    /// Whether the registry itself (no mirror) has the manifest or index in this repository.
    public boolean hasManifest(Digest digest) throws IOException {
        return Retry.run(limits, () -> Manifests.exists(origin(), digest));
    }

    /// Lets the registry take a blob over from another of its repositories.
    ///
    /// @param fromRepository its path, without the registry's name
    /// @return false if the registry wants to have the blob sent
    public boolean mount(Digest digest, String fromRepository) throws IOException {
        return Retry.run(limits, () -> Mount.attempt(origin(), digest, fromRepository));
    }

    /// Sends a blob. Whether the registry has it already is not asked: see [#hasBlob].
    ///
    /// @param source is read once for each attempt
    public void upload(Descriptor descriptor, BlobSource source, ProgressListener listener) throws IOException {
        new Upload(origin(), descriptor, source, listener).run(limits);
    }

    /// Stores a manifest or index whose parts the registry has.
    ///
    /// @param descriptor of the content
    /// @return the descriptor's digest
    public Digest putManifest(String tagOrDigest, Descriptor descriptor, byte[] content) throws IOException {
        ImageReference name = named(tagOrDigest);
        return Retry.run(limits, () -> Manifests.store(origin(), name, descriptor, content));
    }

    /// All tags, in the registry's order.
    public List<String> tags() throws IOException {
        return anywhere(endpoint -> new TagPages(endpoint, reference).read(limits));
    }

    private Endpoint origin() {
        return endpoints.getLast();
    }

    private ImageReference named(String tagOrDigest) throws MalformedException {
        if (tagOrDigest.indexOf(':') >= 0) {
            return reference.withDigest(Digest.parse(tagOrDigest));
        }
        try {
            return reference.withTag(tagOrDigest);
        } catch (IllegalArgumentException e) {
            throw new MalformedException(String.valueOf(e.getMessage()), e);
        }
    }

    /// The first answer of the mirrors and the registry.
    private <T> T anywhere(Operation<T> operation) throws IOException {
        for (Endpoint mirror : endpoints.subList(0, endpoints.size() - 1)) {
            try {
                return operation.at(mirror);
            } catch (RegistryException e) {
                LOGGER.log(Level.DEBUG, "mirror has no {0}: {1}", reference.familiarName(), e.getMessage());
            }
        }
        return operation.at(origin());
    }
}
