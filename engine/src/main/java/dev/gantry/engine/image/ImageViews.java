package dev.gantry.engine.image;

import dev.gantry.engine.config.ContainerConfig;
import dev.gantry.engine.config.Healthcheck;
import dev.gantry.engine.time.Timestamps;
import dev.gantry.engine.view.ContainerView.GraphDriver;
import dev.gantry.engine.view.HistoryItem;
import dev.gantry.engine.view.ImageView;
import dev.gantry.engine.view.ManifestSummary;
import dev.gantry.oci.ImageReference;
import dev.gantry.oci.image.Execution;
import dev.gantry.oci.image.History;
import dev.gantry.oci.image.ImageConfig;
import dev.gantry.store.Image;
import dev.gantry.store.Layer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What inspect and history show of an image.
final class ImageViews {
    private static final String STORAGE_DRIVER = "overlay2";

    private ImageViews() {}

    /// @param manifests of its platforms; null for none
    static ImageView full(Image image, @Nullable List<ManifestSummary> manifests) {
        ImageConfig config = image.config();
        return new ImageView(
                image.id().toString(),
                familiar(image.tags()),
                familiar(image.digests()),
                image.parent() == null ? "" : image.parent().toString(),
                comment(config),
                time(config.created()),
                text(config.dockerVersion()),
                text(config.author()),
                config(config.config()),
                config.architecture(),
                text(config.variant()),
                config.os(),
                image.size(),
                driver(image),
                new ImageView.RootFileSystem(
                        "layers",
                        image.layers().stream()
                                .map(layer -> layer.diffId().toString())
                                .toList()),
                new ImageView.Metadata(time(image.tagged())),
                image.target(),
                manifests);
    }

    static List<String> familiar(List<ImageReference> references) {
        return references.stream().map(ImageReference::familiar).toList();
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static String time(@Nullable Instant time) {
        return Timestamps.nano(time == null ? Timestamps.NEVER : time);
    }

    private static String comment(ImageConfig config) {
        String own = text(config.comment());
        return own.isEmpty() && !config.history().isEmpty()
                ? text(config.history().getLast().comment())
                : own;
    }

    private static GraphDriver driver(Image image) {
        List<String> trees = image.layerTrees().stream().map(Path::toString).toList();
        Map<String, String> data = new LinkedHashMap<>();
        if (trees.size() > 1) {
            data.put("LowerDir", String.join(":", trees.subList(1, trees.size())));
        }
        if (!trees.isEmpty()) {
            data.put("UpperDir", trees.getFirst());
        }
        return new GraphDriver(data, STORAGE_DRIVER);
    }

    private static ContainerConfig config(Execution image) {
        return new ContainerConfig(
                "",
                "",
                text(image.user()),
                false,
                false,
                false,
                objects(image.exposedPorts()),
                false,
                false,
                false,
                image.env(),
                nullIfEmpty(image.cmd()),
                healthcheck(image.healthcheck()),
                image.argsEscaped() ? Boolean.TRUE : null,
                "",
                objects(image.volumes()),
                text(image.workingDir()),
                nullIfEmpty(image.entrypoint()),
                null,
                null,
                image.onBuild(),
                image.labels(),
                image.stopSignal(),
                null,
                nullIfEmpty(image.shell()));
    }

    private static Map<String, Map<String, String>> objects(Set<String> names) {
        return names.stream()
                .collect(Collectors.toMap(Function.identity(), _ -> Map.of(), (a, _) -> a, LinkedHashMap::new));
    }

    private static @Nullable List<String> nullIfEmpty(List<String> list) {
        return list.isEmpty() ? null : list;
    }

    private static @Nullable Healthcheck healthcheck(dev.gantry.oci.image.@Nullable Healthcheck image) {
        if (image == null) {
            return null;
        }
        return new Healthcheck(
                image.test(),
                Objects.requireNonNullElse(image.interval(), 0L),
                Objects.requireNonNullElse(image.timeout(), 0L),
                Objects.requireNonNullElse(image.startPeriod(), 0L),
                Objects.requireNonNullElse(image.startInterval(), 0L),
                Objects.requireNonNullElse(image.retries(), 0));
    }

    /// The steps that made an image, newest first.
    ///
    /// @param ancestors the image, its parent, that one's parent, as far as they are here
    static List<HistoryItem> history(List<Image> ancestors) {
        Image image = ancestors.getFirst();
        List<HistoryItem> items = new ArrayList<>();
        int layer = 0;
        for (History step : image.config().history()) {
            long size = 0;
            if (!step.emptyLayer() && layer < image.layers().size()) {
                Layer made = image.layers().get(layer++);
                size = made.size();
            }
            items.add(item(step, ancestors, image.config().history().size() - items.size() - 1, size));
        }
        return items.reversed();
    }

    private static HistoryItem item(History step, List<Image> ancestors, int age, long size) {
        boolean known = age < ancestors.size();
        List<String> tags = known ? familiar(ancestors.get(age).tags()) : List.of();
        return new HistoryItem(
                known ? ancestors.get(age).id().toString() : "<missing>",
                step.created() == null ? 0 : step.created().getEpochSecond(),
                text(step.createdBy()),
                nullIfEmpty(tags),
                size,
                text(step.comment()));
    }
}
