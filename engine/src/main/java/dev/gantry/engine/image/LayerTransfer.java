package dev.gantry.engine.image;

import dev.gantry.engine.Images.Progress;
import dev.gantry.oci.Digest;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.image.Descriptor;
import dev.gantry.registry.Repository;
import dev.gantry.store.Ingest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Brings the layers of one image into the store, several at a time.
final class LayerTransfer {
    /// As Docker's `max-concurrent-downloads`.
    private static final int AT_A_TIME = 3;

    private final Repository repository;
    private final Ingest ingest;
    private final Transfers transfers;

    LayerTransfer(Repository repository, Ingest ingest, Consumer<Progress> listener) {
        this.repository = repository;
        this.ingest = ingest;
        this.transfers = new Transfers(listener, AT_A_TIME);
    }

    /// Returns when all are there. The first failure ends the others.
    void run(List<Descriptor> blobs, List<Digest> diffIds) throws IOException, InterruptedException {
        if (blobs.size() != diffIds.size()) {
            throw new MalformedException(
                    "manifest with %d layers for a configuration with %d".formatted(blobs.size(), diffIds.size()));
        }
        List<Transfers.Transfer> missing = new ArrayList<>();
        for (int i = 0; i < blobs.size(); i++) {
            Descriptor blob = blobs.get(i);
            Digest diffId = diffIds.get(i);
            if (ingest.hasLayer(blob, diffId)) {
                transfers.tell(Progress.of(name(blob), "Already exists"));
            } else {
                transfers.tell(Progress.of(name(blob), "Pulling fs layer"));
                missing.add(() -> fetch(blob, diffId));
            }
        }
        transfers.run(missing);
    }

    private void fetch(Descriptor blob, Digest diffId) throws IOException, InterruptedException {
        ingest.layer(blob, diffId, () -> new Counted(repository.blob(blob), blob));
        transfers.tell(Progress.of(name(blob), "Pull complete"));
    }

    private static String name(Descriptor blob) {
        return blob.digest().shortHex();
    }

    /// Tells from time to time how much of a layer has been read. It is unpacked at the same time.
    private final class Counted extends FilterInputStream {
        private final Descriptor blob;
        private final Transfers.Meter meter;
        private long count;
        private boolean complete;

        Counted(InputStream content, Descriptor blob) {
            super(content);
            this.blob = blob;
            this.meter = transfers.new Meter(name(blob), "Downloading", blob.size());
        }

        @Override
        public int read() throws IOException {
            return counted(super.read(), 1);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            return counted(read, read);
        }

        private int counted(int result, int bytes) {
            if (result < 0) {
                if (!complete) {
                    complete = true;
                    transfers.tell(Progress.of(name(blob), "Download complete"));
                }
                return result;
            }
            count += bytes;
            meter.at(count);
            return result;
        }
    }
}
