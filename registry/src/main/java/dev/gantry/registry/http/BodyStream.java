package dev.gantry.registry.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The body of an answer as a stream that reads ahead a little and does not wait for ever.
///
/// The JDK's own (`BodyHandlers.ofInputStream`) has no time limit between two pieces.
final class BodyStream extends InputStream implements HttpResponse.BodySubscriber<InputStream> {
    /// Pieces of at most 16 KiB each that may lie here unread.
    private static final int WINDOW = 16;

    private sealed interface Event {
        record Piece(List<ByteBuffer> buffers) implements Event {}

        record End(@Nullable Throwable failure) implements Event {}
    }

    private final Duration patience;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
    private final Deque<ByteBuffer> current = new ArrayDeque<>();
    private Event.@Nullable End end;
    private volatile boolean closed;

    BodyStream(Duration patience) {
        this.patience = patience;
    }

    @Override
    public CompletionStage<InputStream> getBody() {
        return CompletableFuture.completedStage(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription newSubscription) {
        if (!subscription.complete(newSubscription) || closed) {
            newSubscription.cancel();
            return;
        }
        newSubscription.request(WINDOW);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        events.add(new Event.Piece(buffers));
    }

    @Override
    public void onError(Throwable failure) {
        events.add(new Event.End(failure));
    }

    @Override
    public void onComplete() {
        events.add(new Event.End(null));
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        ByteBuffer piece = piece();
        if (piece == null) {
            return -1;
        }
        int count = Math.min(length, piece.remaining());
        piece.get(target, offset, count);
        return count;
    }

    /// The buffer with the next bytes; null at the end.
    private @Nullable ByteBuffer piece() throws IOException {
        while (true) {
            ByteBuffer first = current.peek();
            if (first != null && first.hasRemaining()) {
                return first;
            }
            if (first != null) {
                current.remove();
            } else if (end != null) {
                return finished(end);
            } else {
                take();
            }
        }
    }

    private static @Nullable ByteBuffer finished(Event.End end) throws IOException {
        Throwable failure = end.failure();
        if (failure != null) {
            throw new IOException(failure.getMessage() == null ? failure.toString() : failure.getMessage(), failure);
        }
        return null;
    }

    private void take() throws IOException {
        if (closed) {
            throw new IOException("stream closed");
        }
        switch (next()) {
            case Event.Piece(var buffers) -> {
                current.addAll(buffers);
                subscription.join().request(1);
            }
            case Event.End last -> end = last;
        }
    }

    private Event next() throws IOException {
        try {
            Event event = events.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
            if (event == null) {
                close();
                throw new HttpTimeoutException("no data for %d s".formatted(patience.toSeconds()));
            }
            return event;
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted").initCause(e);
        }
    }

    /// Ends the transfer if it has not come to its end.
    @Override
    public void close() {
        closed = true;
        if (end == null && subscription.isDone()) {
            subscription.join().cancel();
        }
    }
}
