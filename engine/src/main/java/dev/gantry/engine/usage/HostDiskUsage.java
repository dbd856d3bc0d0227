package dev.gantry.engine.usage;

import dev.gantry.engine.DiskUsage;
import dev.gantry.engine.EngineException.Failed;
import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.engine.Filters;
import dev.gantry.engine.container.HostContainers;
import dev.gantry.engine.content.ContentLedger;
import dev.gantry.engine.image.LocalImages;
import dev.gantry.engine.view.ContainerSummary;
import dev.gantry.engine.view.ImageSummary;
import dev.gantry.engine.view.PrunePreview;
import dev.gantry.engine.view.VolumeView;
import dev.gantry.engine.volume.LocalVolumes;
import dev.gantry.store.ImageStore;
import dev.gantry.store.StoreUsage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The disk usage of this host's engine.
public final class HostDiskUsage implements DiskUsage {
    private static final String UNTIL = "until";

    private final ImageStore store;
    private final LocalImages images;
    private final HostContainers containers;
    private final LocalVolumes volumes;

    public HostDiskUsage(ImageStore store, LocalImages images, HostContainers containers, LocalVolumes volumes) {
        this.store = store;
        this.images = images;
        this.containers = containers;
        this.volumes = volumes;
    }

    private StoreUsage measured() {
        try {
            return store.usage();
        } catch (IOException e) {
            throw new Failed("disk usage of the image store: " + e.getMessage(), e);
        }
    }

    @Override
    public ImageUsage images() {
        StoreUsage usage = measured();
        ContentLedger ledger = images.ledgerOfImages();
        List<ImageSummary> list = images.list(false, Filters.NONE).stream()
                .map(image -> image.withSizes(ledger.size(image.id()), ledger.shared(image.id())))
                .toList();
        return new ImageUsage(usage.total(), sum(usage.layers()), sum(usage.blobs()), list);
    }

    private static long sum(Map<?, Long> sizes) {
        return sizes.values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public List<ContainerSummary> containers() {
        return containers.usage(measured());
    }

    @Override
    public List<VolumeView> volumes() {
        return volumes.usage();
    }

    @Override
    public PrunePreview preview(boolean allImages, boolean withVolumes, Filters filters) {
        if (withVolumes && filters.has(UNTIL)) {
            throw new Invalid("The \"until\" filter is not supported with \"--volumes\"");
        }
        ContentLedger ledger = images.ledger();
        List<PrunePreview.Item> items = new ArrayList<>();
        Set<String> gone = new HashSet<>();
        for (HostContainers.Prunable each : containers.prunable(filters)) {
            gone.add(each.id());
            items.add(new PrunePreview.Item(
                    "container",
                    each.id(),
                    each.name(),
                    "does not run: " + each.status(),
                    each.size() + ledger.release(each.id())));
        }
        if (withVolumes) {
            for (LocalVolumes.Prunable each : volumes.prunable(filters, gone)) {
                items.add(new PrunePreview.Item(
                        "volume", each.name(), each.name(), "has no name, and no container uses it", each.size()));
            }
        }
        for (LocalImages.Prunable each : images.prunable(imageFilters(allImages, filters), gone, ledger)) {
            items.add(new PrunePreview.Item(
                    "image",
                    each.id(),
                    each.names().isEmpty() ? "<none>" : String.join(", ", each.names()),
                    each.dangling() ? "has no tag, and no container uses it" : "no container uses it",
                    each.size()));
        }
        return new PrunePreview(
                items, items.stream().mapToLong(PrunePreview.Item::size).sum());
    }

    private static Filters imageFilters(boolean all, Filters filters) {
        Map<String, Set<String>> values = new LinkedHashMap<>(filters.values());
        values.put("dangling", Set.of(Boolean.toString(!all)));
        return new Filters(values);
    }
}
