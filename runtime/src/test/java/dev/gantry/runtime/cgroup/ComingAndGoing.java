package dev.gantry.runtime.cgroup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/// A group that is made and removed again and again until this is closed.
final class ComingAndGoing implements AutoCloseable {
    private final Path group;
    private final CompletableFuture<Void> end;
    private volatile boolean closed;

    ComingAndGoing(Path group) {
        this.group = group;
        end = CompletableFuture.runAsync(this::comeAndGo, Thread.ofPlatform()::start);
    }

    private void comeAndGo() {
        try {
            while (!closed) {
                Files.createDirectory(group);
                Files.delete(group);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @throws java.util.concurrent.CompletionException if it could not be made or removed
    @Override
    public void close() {
        closed = true;
        end.join();
    }
}
