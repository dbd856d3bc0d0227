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
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// Brings the layers of one image into the store, several at a time.
final class LayerTransfer {
    /// As Docker's `max-concurrent-downloads`.
    private static final int AT_A_TIME = 3;

    private final Repository repository;
    private final Ingest ingest;
    private final Consumer<Progress> listener;
    private final ReentrantLock telling = new ReentrantLock();
    private final Semaphore turns = new Semaphore(AT_A_TIME, true);

    LayerTransfer(Repository repository, Ingest ingest, Consumer<Progress> listener) {
        this.repository = repository;
        this.ingest = ingest;
        this.listener = listener;
    }

    /// Returns when all are there. The first failure ends the others.
    void run(List<Descriptor> blobs, List<Digest> diffIds) throws IOException, InterruptedException {
        if (blobs.size() != diffIds.size()) {
            throw new MalformedException(
                    "manifest with %d layers for a configuration with %d".formatted(blobs.size(), diffIds.size()));
        }
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            var done = new ExecutorCompletionService<Boolean>(threads);
            for (int i = 0; i < blobs.size(); i++) {
                Descriptor blob = blobs.get(i);
                Digest diffId = diffIds.get(i);
                if (ingest.hasLayer(blob, diffId)) {
                    tell(Progress.of(name(blob), "Already exists"));
                    done.submit(() -> true);
                } else {
                    tell(Progress.of(name(blob), "Pulling fs layer"));
                    done.submit(() -> fetch(blob, diffId));
                }
            }
            for (int i = 0; i < blobs.size(); i++) {
                done.take().get();
            }
        } catch (ExecutionException e) {
            throw thrown(e);
        } finally {
            // those that still run are interrupted, and waited for: they write into the store
            threads.shutdownNow();
            threads.close();
        }
    }

    private static IOException thrown(ExecutionException e) throws InterruptedException {
        return switch (e.getCause()) {
            case IOException failure -> failure;
            case InterruptedException interrupted -> throw interrupted;
            case RuntimeException failure -> throw failure;
            case Error error -> throw error;
            case null, default -> new IOException(e.getCause());
        };
    }

    private boolean fetch(Descriptor blob, Digest diffId) throws IOException, InterruptedException {
        turns.acquire();
        try {
            ingest.layer(blob, diffId, () -> new Counted(repository.blob(blob), blob));
        } finally {
            turns.release();
        }
        tell(Progress.of(name(blob), "Pull complete"));
        return true;
    }

    private void tell(Progress progress) {
        telling.lock();
        try {
            listener.accept(progress);
        } finally {
            telling.unlock();
        }
    }

    private static String name(Descriptor blob) {
        return blob.digest().shortHex();
    }

    /// Tells from time to time how much of a layer has been read. It is unpacked at the same time.
    private final class Counted extends FilterInputStream {
        private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(100);

        private final Descriptor blob;
        private long count;
        private long told = System.nanoTime();
        private boolean complete;

        Counted(InputStream content, Descriptor blob) {
            super(content);
            this.blob = blob;
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
                    tell(Progress.of(name(blob), "Download complete"));
                }
                return result;
            }
            count += bytes;
            long now = System.nanoTime();
            if (now - told > PERIOD) {
                told = now;
                tell(new Progress(name(blob), "Downloading", new Progress.Amount(count, blob.size())));
            }
            return result;
        }
    }
}
