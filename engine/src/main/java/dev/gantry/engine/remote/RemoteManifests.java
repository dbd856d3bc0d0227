package dev.gantry.engine.remote;

import dev.gantry.engine.view.DistributionView;
import dev.gantry.engine.view.ManifestsView;
import dev.gantry.oci.ImageReference;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.Platform;
import dev.gantry.oci.image.Descriptor;
import dev.gantry.oci.image.ImageConfig;
import dev.gantry.oci.image.Index;
import dev.gantry.oci.image.Manifest;
import dev.gantry.oci.image.ManifestOrIndex;
import dev.gantry.registry.Access;
import dev.gantry.registry.Credentials;
import dev.gantry.registry.FetchedManifest;
import dev.gantry.registry.RegistryClient;
import dev.gantry.registry.Repository;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The manifests that a registry has under one name.
final class RemoteManifests {
    private static final int MAX_CONFIG = 4 << 20;

    private final ImageReference name;
    private final Repository repository;

    RemoteManifests(RegistryClient client, ImageReference name, @Nullable Credentials credentials) {
        this.name = name;
        this.repository = client.repository(name, credentials, Access.PULL);
    }

    DistributionView distribution() throws IOException {
        FetchedManifest found = find();
        List<Platform> platforms = switch (parse(found)) {
            case Index index ->
                index.manifests().stream()
                        .map(Descriptor::platform)
                        .filter(Objects::nonNull)
                        .toList();
            case Manifest manifest -> List.of(platform(manifest));
        };
        return new DistributionView(found.descriptor(), platforms);
    }

    ManifestsView all() throws IOException {
        FetchedManifest found = find();
        return switch (parse(found)) {
            case Manifest manifest -> new ManifestsView("", List.of(entry(name.familiar(), found, platform(manifest))));
            case Index index -> {
                List<ManifestsView.Entry> entries = new ArrayList<>();
                for (Descriptor each : index.manifests()) {
                    FetchedManifest manifest = repository.manifest(each.digest().toString());
                    entries.add(entry(name.familiar() + "@" + each.digest(), manifest, each.platform()));
                }
                yield new ManifestsView(index.mediaType(), entries);
            }
        };
    }

    private static ManifestsView.Entry entry(String reference, FetchedManifest manifest, @Nullable Platform platform) {
        Descriptor descriptor =
                platform == null ? manifest.descriptor() : manifest.descriptor().withPlatform(platform);
        return new ManifestsView.Entry(
                reference, descriptor, Base64.getEncoder().encodeToString(manifest.content()));
    }

    private FetchedManifest find() throws IOException {
        return repository.manifest(
                name.digest() == null
                        ? String.valueOf(name.tag())
                        : name.digest().toString());
    }

    private static ManifestOrIndex parse(FetchedManifest fetched) throws MalformedException {
        return ManifestOrIndex.parse(fetched.content(), fetched.descriptor().mediaType());
    }

    private Platform platform(Manifest manifest) throws IOException {
        Descriptor config = manifest.config();
        if (config.size() > MAX_CONFIG) {
            throw new MalformedException("configuration of %d bytes, limit %d".formatted(config.size(), MAX_CONFIG));
        }
        try (InputStream content = repository.blob(config)) {
            return ImageConfig.parse(content.readAllBytes()).platform();
        }
    }
}
