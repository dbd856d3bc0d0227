package dev.gantry.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPInputStream;

/// What nobody can leave out who verifies and unpacks an image: SHA-256 of each layer as it comes, inflating it, and
/// SHA-256 of what that gives, with as many threads as there are processors. Nothing is fetched and nothing written.
record HashAndInflate(List<Path> layers) implements Contender {
    private static final int BUFFER = 1 << 20;

    @Override
    public String name() {
        return "SHA-256 and inflate alone";
    }

    @Override
    public long once() throws IOException {
        long begin = System.nanoTime();
        try (ExecutorService threads =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            List<Future<Void>> all = layers.stream()
                    .map(layer -> threads.submit(() -> {
                        read(layer);
                        return (Void) null;
                    }))
                    .toList();
            for (Future<Void> each : all) {
                Void _ = each.get();
            }
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return System.nanoTime() - begin;
    }

    private static void read(Path layer) throws IOException, NoSuchAlgorithmException {
        MessageDigest plain = MessageDigest.getInstance("SHA-256");
        try (InputStream in = Files.newInputStream(layer);
                InputStream hashed = new DigestInputStream(
                        new BufferedInputStream(in, BUFFER), MessageDigest.getInstance("SHA-256"));
                InputStream content = new GZIPInputStream(hashed, BUFFER)) {
            byte[] buffer = new byte[BUFFER];
            for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
                plain.update(buffer, 0, count);
            }
        }
        byte[] _ = plain.digest();
    }
}
