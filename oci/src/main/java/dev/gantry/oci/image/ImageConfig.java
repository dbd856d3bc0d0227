package dev.gantry.oci.image;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gantry.oci.Absent;
import dev.gantry.oci.Digest;
import dev.gantry.oci.Json;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.Platform;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonSerialize;

/// An image configuration (OCI image specification, "Image Configuration"; Docker's has the same fields and some of
/// its own, of which those that clients see are kept). The image's ID is the digest of the document's exact bytes.
///
/// @param dockerVersion Docker's own: what made the image
/// @param comment Docker's own: the message of `commit` or `import`
/// @param history oldest step first
public record ImageConfig(
        @JsonSerialize(using = GoTime.Writer.class) @Nullable
        Instant created,

        @Nullable String author,
        String architecture,
        String os,
        @JsonProperty("os.version") @Nullable String osVersion,

        @JsonProperty("os.features") @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<String> osFeatures,

        @Nullable String variant,
        Execution config,
        RootFs rootfs,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<History> history,
        @Nullable String comment,
        @JsonProperty("docker_version") @Nullable String dockerVersion) {
    /// More layers than this can't be mounted (overlay: 500 lower directories, Linux 6.x `OVL_MAX_STACK`), and no
    /// builder makes them; Docker's own limit is 125.
    public static final int MAX_LAYERS = 500;

    /// The layers by the digests of their uncompressed tars.
    ///
    /// @param type always `layers`
    /// @param diffIds bottom layer first
    public record RootFs(
            String type, @JsonProperty("diff_ids") List<Digest> diffIds) {
        public RootFs {
            diffIds = Absent.toEmpty(diffIds);
        }

        public static RootFs of(List<Digest> diffIds) {
            return new RootFs("layers", diffIds);
        }
    }

    public ImageConfig {
        osFeatures = Absent.toEmpty(osFeatures);
        config = orEmpty(config);
        rootfs = orEmpty(rootfs);
        history = Absent.toEmpty(history);
    }

    private static Execution orEmpty(@Nullable Execution execution) {
        return execution == null ? Execution.empty() : execution;
    }

    private static RootFs orEmpty(@Nullable RootFs rootfs) {
        return rootfs == null ? RootFs.of(List.of()) : rootfs;
    }

    /// Reads a configuration.
    ///
    /// @throws MalformedException if it is no image configuration, or has more than [#MAX_LAYERS] layers
    public static ImageConfig parse(byte[] document) throws MalformedException {
        ImageConfig parsed = Json.read(document, ImageConfig.class);
        requireText(parsed.os, "os");
        requireText(parsed.architecture, "architecture");
        if (!"layers".equals(parsed.rootfs.type)) {
            throw new MalformedException(
                    "image configuration has rootfs type \"%s\", want \"layers\"".formatted(parsed.rootfs.type));
        }
        int layers = parsed.rootfs.diffIds.size();
        if (layers > MAX_LAYERS) {
            throw new MalformedException("image has %d layers, limit %d".formatted(layers, MAX_LAYERS));
        }
        long steps = parsed.history.stream().filter(step -> !step.emptyLayer()).count();
        // fewer is what builders make that keep no history, and others on top of them; dockerd takes both
        if (steps > layers) {
            throw new MalformedException("image history has %d layers, rootfs has %d".formatted(steps, layers));
        }
        return parsed;
    }

    private static void requireText(@Nullable String value, String property) throws MalformedException {
        if (value == null || value.isEmpty()) {
            throw new MalformedException("image configuration has no \"%s\"".formatted(property));
        }
    }

    /// A configuration for this platform, with everything else empty.
    public static ImageConfig of(Platform platform, Execution config, List<Digest> diffIds, List<History> history) {
        Instant created = history.isEmpty() ? null : history.getLast().created();
        return new ImageConfig(
                created,
                null,
                platform.architecture(),
                platform.os(),
                platform.osVersion(),
                platform.osFeatures(),
                platform.variant(),
                config,
                RootFs.of(diffIds),
                history,
                null,
                null);
    }

    /// The configuration of an image that was made of this one.
    ///
    /// @param layer null if the step has made none
    /// @param step its time, author and comment are the image's
    public ImageConfig with(Execution execution, @Nullable Digest layer, History step) {
        List<Digest> diffIds = new ArrayList<>(rootfs.diffIds());
        if (layer != null) {
            diffIds.add(layer);
        }
        List<History> steps = new ArrayList<>(history);
        long known = steps.stream().filter(each -> !each.emptyLayer()).count();
        for (long i = known; i < rootfs.diffIds().size(); i++) {
            steps.add(new History(null, null, null, null, false)); // so that the new step belongs to the new layer
        }
        steps.add(new History(step.created(), step.createdBy(), step.author(), step.comment(), layer == null));
        return new ImageConfig(
                step.created(),
                step.author(),
                architecture,
                os,
                osVersion,
                osFeatures,
                variant,
                execution,
                RootFs.of(diffIds),
                steps,
                step.comment(),
                dockerVersion);
    }

    public Platform platform() {
        return new Platform(architecture, os, osVersion, osFeatures, variant);
    }
}
