package dev.gantry.registry.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/// Sends calls and waits for their answers, as long as something moves.
///
/// A limit on the whole request, which is what the JDK's client has, would end every large upload: its answer comes
/// after
/// the last byte. So what is limited is the time in which nothing is sent and nothing comes.
public final class Wire implements AutoCloseable {
    private final HttpClient client;
    private final Duration stall;

    public Wire(HttpClient client, Duration stall) {
        this.client = client;
        this.stall = stall;
    }

    /// Sends a call once.
    ///
    /// @param first the longest time to wait for the beginning of the answer, if it is shorter
    /// @throws IOException also if the time limit passes, or the thread is interrupted (and stays so)
    public Answer send(Call call, Duration first) throws IOException {
        AtomicLong moved = new AtomicLong(System.nanoTime());
        CompletableFuture<HttpResponse<InputStream>> pending =
                client.sendAsync(call.request(() -> moved.set(System.nanoTime())), _ -> new BodyStream(stall));
        Duration patience = first.compareTo(stall) < 0 ? first : stall;
        while (true) {
            long left = patience.toNanos() - (System.nanoTime() - moved.get());
            try {
                HttpResponse<InputStream> response = pending.get(Math.max(left, 1), TimeUnit.NANOSECONDS);
                // a proxy's refusal to connect has none
                InputStream body = Objects.requireNonNullElseGet(response.body(), InputStream::nullInputStream);
                return new Answer(response.statusCode(), call.uri(), response.headers(), body);
            } catch (TimeoutException e) {
                if (System.nanoTime() - moved.get() >= patience.toNanos()) {
                    pending.cancel(true);
                    throw (IOException)
                            new HttpTimeoutException("no answer for %d s".formatted(patience.toSeconds())).initCause(e);
                }
            } catch (InterruptedException e) {
                pending.cancel(true);
                Thread.currentThread().interrupt();
                throw (IOException) new InterruptedIOException("interrupted").initCause(e);
            } catch (CancellationException e) {
                throw new IOException("connection closed", e);
            } catch (ExecutionException e) {
                throw failure(e);
            }
        }
    }

    // the kind of failure matters to callers, so it comes as it is
    private static IOException failure(ExecutionException e) {
        return e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    }

    /// Lets what is under way come to its end, and takes nothing new.
    public void retire() {
        client.shutdown();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
