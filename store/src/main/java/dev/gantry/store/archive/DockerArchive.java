package dev.gantry.store.archive;

import dev.gantry.oci.ImageReference;
import dev.gantry.oci.Json;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.Platform;
import dev.gantry.oci.image.ImageConfig;
import dev.gantry.store.archive.ImageLoad.Loaded;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The images of an archive that has `manifest.json` alone: Docker's before version 25, and what Podman and Skopeo
/// write.
record DockerArchive(ArchivedImages images, List<Platform> platforms) {
    List<Loaded> load() throws IOException {
        byte[] document = images.document(DockerImage.FILE)
                .orElseThrow(() -> new MalformedException("archive has neither index.json nor manifest.json"));
        List<Loaded> loaded = new ArrayList<>();
        for (DockerImage each : Json.read(document, DockerImage[].class)) {
            String name = each.config() == null ? "" : each.config();
            byte[] config = images.document(name).orElseThrow(() -> ArchivedImages.missing(name));
            Platform platform = ImageConfig.parse(config).platform();
            if (!platforms.isEmpty() && platforms.stream().noneMatch(wanted -> wanted.matches(platform))) {
                continue;
            }
            List<ImageReference> names = names(each);
            loaded.add(new Loaded(images.commit(config, each.layers(), names), names));
        }
        if (loaded.isEmpty()) {
            throw new MalformedException("archive has no image%s"
                    .formatted(platforms.isEmpty() ? "" : " for the platform " + platforms.getFirst()));
        }
        return loaded;
    }

    private static List<ImageReference> names(DockerImage image) throws MalformedException {
        List<ImageReference> names = new ArrayList<>();
        for (String each : image.repoTags() == null ? List.<String>of() : image.repoTags()) {
            ImageReference name = ImageReference.parse(each);
            if (name.digest() != null || name.tag() == null) {
                throw new MalformedException("invalid tag \"%s\"".formatted(each));
            }
            names.add(name);
        }
        return names;
    }
}
