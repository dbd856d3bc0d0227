package dev.gantry.store.archive;

import dev.gantry.oci.Digest;
import dev.gantry.oci.MalformedException;
import dev.gantry.store.Ingest.Arrived;
import dev.gantry.store.tar.Names;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The members of an archive that has been read, by name.
final class Members {
    /// More than any archive of images has; they are kept in memory.
    private static final int MAX_MEMBERS = 100_000;

    private static final int MAX_LINKS = 16;
    private static final long MAX_DOCUMENTS = 64L << 20;
    private static final Pattern BLOB = Pattern.compile("blobs/(sha256|sha512)/([0-9a-f]+)");

    private final Map<String, Member> members = new HashMap<>();
    private long documents;

    /// What a member is.
    sealed interface Member {
        /// A small file.
        final class Document implements Member {
            private final byte[] content;

            Document(byte[] content) {
                this.content = content;
            }
        }

        /// A layer, which is in the store now.
        record Layer(Arrived arrived) implements Member {}

        /// A blob that the store had already; it was not read.
        record Known(Digest digest) implements Member {}

        /// Another name of a member.
        record Link(String target) implements Member {}

        /// Neither a document nor a layer.
        record Other() implements Member {}
    }

    /// The digest that a member of an OCI layout has for its name.
    static Optional<Digest> digest(String name) {
        Matcher blob = BLOB.matcher(name);
        if (!blob.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Digest.parse(blob.group(1) + ":" + blob.group(2)));
        } catch (MalformedException _) {
            return Optional.empty();
        }
    }

    static String name(Digest digest) {
        return "blobs/" + digest.algorithm().label() + "/" + digest.hex();
    }

    /// @param name as it was cleaned
    /// @throws MalformedException if it is there already: another reader might take the other one
    void add(String name, Member member) throws MalformedException {
        if (members.size() >= MAX_MEMBERS) {
            throw new MalformedException("archive has more than %d members".formatted(MAX_MEMBERS));
        }
        if (member instanceof Member.Document document) {
            documents += document.content.length;
            if (documents > MAX_DOCUMENTS) {
                throw new MalformedException("archive has more than %d bytes of documents".formatted(MAX_DOCUMENTS));
            }
        }
        if (members.putIfAbsent(name, member) != null) {
            throw new MalformedException("archive has two members of the name \"%s\"".formatted(name));
        }
    }

    /// The member that a document names, with links followed; null if there is none.
    @Nullable
    Member find(String name) throws MalformedException {
        String at = String.join("/", Names.components(name));
        for (int i = 0; i < MAX_LINKS; i++) {
            if (!(members.get(at) instanceof Member.Link(String target))) {
                return members.get(at);
            }
            at = target;
        }
        throw new MalformedException("archive has too many links behind \"%s\"".formatted(name));
    }

    /// The content of a document; empty if there is no such member.
    Optional<byte[]> document(String name) throws MalformedException {
        return switch (find(name)) {
            case Member.Document document -> Optional.of(document.content);
            case null -> Optional.empty();
            case Member.Layer _, Member.Known _, Member.Link _, Member.Other _ ->
                throw new MalformedException("archive member \"%s\" is no document".formatted(name));
        };
    }
}
