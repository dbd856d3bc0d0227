package dev.gantry.engine.image;

import dev.gantry.engine.Images.Progress;
import dev.gantry.oci.Digest;
import dev.gantry.oci.ImageReference;
import dev.gantry.oci.image.Descriptor;
import dev.gantry.registry.Repository;
import dev.gantry.store.Outgoing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/// Sends the layers of one image to a repository, several at a time, and only what is missing there.
final class LayerUpload {
    /// As Docker's `max-concurrent-uploads`.
    private static final int AT_A_TIME = 5;

    /// Repositories of the registry that are asked for a layer. Each question costs a token where there are tokens.
    private static final int MOUNTS = 3;

    private final Repository repository;
    private final ImageReference target;
    private final Outgoing image;
    private final Transfers transfers;

    /// Who compresses uses all processors already.
    private final Semaphore compressing = new Semaphore(1, true);

    private final Map<Integer, Descriptor> sent = new ConcurrentHashMap<>();

    LayerUpload(Repository repository, ImageReference target, Outgoing image, Consumer<Progress> listener) {
        this.repository = repository;
        this.target = target;
        this.image = image;
        this.transfers = new Transfers(listener, AT_A_TIME);
    }

    /// Returns when all are there. The first failure ends the others.
    ///
    /// @return the layers' blobs, the lowest first
    List<Descriptor> run() throws IOException, InterruptedException {
        List<Digest> diffIds = image.image().config().rootfs().diffIds();
        // a layer that is in an image twice is sent once
        Map<Digest, Integer> numbers = new HashMap<>();
        List<Transfers.Transfer> all = new ArrayList<>();
        for (int i = diffIds.size() - 1; i >= 0; i--) {
            int number = i;
            transfers.tell(Progress.of(name(number), "Preparing"));
            if (numbers.putIfAbsent(diffIds.get(number), number) == null) {
                all.add(() -> send(number));
            }
        }
        for (Digest waiting :
                diffIds.stream().distinct().skip(AT_A_TIME).toList().reversed()) {
            transfers.tell(Progress.of(waiting.shortHex(), "Waiting"));
        }
        transfers.run(all.reversed());
        List<Descriptor> blobs = new ArrayList<>();
        for (Digest diffId : diffIds) {
            blobs.add(sent.get(numbers.get(diffId)));
        }
        return blobs;
    }

    private String name(int number) {
        return image.image().config().rootfs().diffIds().get(number).shortHex();
    }

    private void send(int number) throws IOException, InterruptedException {
        Descriptor blob = compressed(number);
        transfers.tell(Progress.of(name(number), bring(blob, number)));
        sent.put(number, blob);
    }

    private Descriptor compressed(int number) throws IOException, InterruptedException {
        compressing.acquire();
        try {
            return image.layer(number);
        } finally {
            compressing.release();
        }
    }

    /// How the layer came there, in Docker's words.
    private String bring(Descriptor blob, int number) throws IOException {
        if (repository.hasBlob(blob.digest())) {
            return "Layer already exists";
        }
        List<String> others = image.repositoriesWith(blob.digest(), target.domain()).stream()
                .filter(path -> !path.equals(target.path()))
                .sorted()
                .limit(MOUNTS)
                .toList();
        for (String other : others) {
            if (repository.mount(blob.digest(), other)) {
                return "Mounted from " + other;
            }
        }
        repository.upload(blob, () -> image.open(blob), transfers.new Meter(name(number), "Pushing", blob.size())::at);
        return "Pushed";
    }
}
