package dev.gantry.oci.image;

import dev.gantry.oci.Json;
import dev.gantry.oci.MalformedException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a tag or digest in a registry or an image layout may name.
public sealed interface ManifestOrIndex permits Manifest, Index {
    /// The largest manifest, in bytes (distribution specification: registries should accept 4 MiB).
    int MAX_SIZE = 4 << 20;

    /// The media type the document states, or the default of OCI for its kind.
    String mediaType();

    /// Reads a manifest or index so that no two readers can see different things in the same bytes (CVE-2021-41190):
    /// the type it came with, the type it states, and the properties it has must agree.
    ///
    /// @param mediaType the `Content-Type` or the descriptor's type; null if neither is known
    /// @throws MalformedException naming what disagrees
    static ManifestOrIndex parse(byte[] document, @Nullable String mediaType) throws MalformedException {
        if (document.length > MAX_SIZE) {
            throw new MalformedException("manifest of %d bytes, limit %d".formatted(document.length, MAX_SIZE));
        }
        ObjectNode root = Json.read(document, ObjectNode.class);
        String stated = statedType(root);
        if (stated != null && mediaType != null && !stated.equals(mediaType)) {
            throw new MalformedException(
                    "manifest states media type \"%s\", got it as \"%s\"".formatted(stated, mediaType));
        }
        boolean single = root.has("config") || root.has("layers");
        boolean list = root.has("manifests");
        if (single && list) {
            throw new MalformedException("ambiguous manifest: has \"manifests\" beside \"config\" or \"layers\"");
        }
        if (root.has("fsLayers") || root.path("schemaVersion").intValue(0) != 2) {
            throw new MalformedException("manifest of schema version %s, want 2".formatted(root.path("schemaVersion")));
        }
        String type = stated != null ? stated : mediaType;
        if (type == null) {
            type = list ? MediaType.OCI_INDEX : MediaType.OCI_MANIFEST;
        }
        return parse(document, type, single, list);
    }

    private static ManifestOrIndex parse(byte[] document, String type, boolean single, boolean list)
            throws MalformedException {
        if (MediaType.isManifest(type) && single) {
            return Json.read(document, Manifest.class).checked();
        }
        if (MediaType.isIndex(type) && list) {
            return Json.read(document, Index.class);
        }
        if (MediaType.isManifest(type) || MediaType.isIndex(type)) {
            throw new MalformedException("document of media type \"%s\" has not its properties".formatted(type));
        }
        throw new MalformedException("unsupported manifest media type \"%s\"".formatted(type));
    }

    private static @Nullable String statedType(ObjectNode root) throws MalformedException {
        JsonNode stated = root.get("mediaType");
        if (stated == null || stated.isNull()) {
            return null;
        }
        if (!stated.isString() || stated.stringValue().isEmpty()) {
            throw new MalformedException("manifest with a mediaType that is no text");
        }
        return stated.stringValue();
    }
}
