package dev.gantry.api.images;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gantry.api.http.Exchange;
import dev.gantry.engine.EngineException;
import dev.gantry.engine.Images.Progress;
import dev.gantry.engine.view.PushNotice;
import dev.gantry.oci.Json;
import dev.gantry.oci.image.Descriptor;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An answer of JSON messages, one after another as things go on. It begins with the first message: what fails before
/// is answered with a status of its own, what fails later with a message.
final class ProgressStream implements Consumer<Progress>, AutoCloseable {
    private static final int BAR = 50;
    private static final List<String> UNITS = List.of("B", "kB", "MB", "GB", "TB", "PB", "EB");

    private final Exchange exchange;
    private @Nullable OutputStream stream;

    ProgressStream(Exchange exchange) {
        this.exchange = exchange;
    }

    /// `progress` is what clients before 1.x drew; they still show it.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Message(
            @JsonProperty("status") String status,
            @JsonProperty("progressDetail") @Nullable Map<String, Long> detail,
            @JsonProperty("progress") @Nullable String progress,
            @JsonProperty("id") @Nullable String id) {}

    /// What tells how it goes on.
    interface Work {
        void run(ProgressStream progress);
    }

    /// Answers with what the work tells. A client that goes away interrupts it.
    static void answer(Exchange exchange, Work work) throws IOException {
        Thread worker = Thread.currentThread();
        exchange.onDisconnect(worker::interrupt);
        try (ProgressStream progress = new ProgressStream(exchange)) {
            try {
                work.run(progress);
            } catch (EngineException e) {
                if (progress.stream == null) {
                    throw e;
                }
                progress.fail(String.valueOf(e.getMessage()));
            } catch (UncheckedIOException e) {
                throw e;
            } catch (RuntimeException e) {
                // an answer that just ended would be taken for a success
                if (progress.stream != null) {
                    progress.fail("internal error: " + e.getMessage());
                }
                throw e;
            }
        } catch (UncheckedIOException e) {
            throw e.getCause(); // the client has gone
        }
    }

    @Override
    public void accept(Progress message) {
        Progress.Amount amount = message.amount();
        Map<String, Long> detail = amount == null
                ? message.id() == null || message.status().startsWith("Pulling from") ? null : Map.of()
                : Map.of("current", amount.current(), "total", amount.total());
        tell(new Message(message.status(), detail, amount == null ? null : bar(amount), message.id()));
    }

    /// Tells programs, which read no texts.
    void notice(PushNotice notice) {
        tell(new Auxiliary(
                Map.of(),
                switch (notice) {
                    case PushNotice.Pushed(String tag, String digest, long size) -> new Reference(tag, digest, size);
                    case PushNotice.OnlyPlatform(Descriptor index, Descriptor manifest) ->
                        new OnlyPlatform(true, index, manifest);
                    case PushNotice.Missing(Descriptor manifest) -> new Missing(true, manifest);
                }));
    }

    private record Auxiliary(
            @JsonProperty("progressDetail") Map<String, Long> detail,
            @JsonProperty("aux") Record content) {}

    private record OnlyPlatform(
            @JsonProperty("manifestPushedInsteadOfIndex") boolean is,
            @JsonProperty("originalIndex") Descriptor index,
            @JsonProperty("selectedManifest") Descriptor manifest) {}

    private record Missing(
            @JsonProperty("contentMissing") boolean is,
            @JsonProperty("desc") Descriptor manifest) {}

    private record Reference(
            @JsonProperty("Tag") String tag,
            @JsonProperty("Digest") String digest,
            @JsonProperty("Size") long size) {}

    /// Tells of a failure, which is the last message.
    void fail(String message) throws IOException {
        send(new Failure(Map.of("message", message), message));
    }

    private record Failure(
            @JsonProperty("errorDetail") Map<String, String> detail,
            @JsonProperty("error") String text) {}

    private void tell(Object message) {
        try {
            send(message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void send(Object message) throws IOException {
        OutputStream out = stream;
        if (out == null) {
            out = exchange.stream(200, Exchange.JSON);
            stream = out;
        }
        out.write(line(message));
        out.flush();
    }

    /// A message as it goes over the wire: JSON that ends with CR LF.
    static byte[] line(Object message) {
        byte[] json = Json.write(message);
        byte[] line = Arrays.copyOf(json, json.length + 2);
        line[json.length] = '\r';
        line[json.length + 1] = '\n';
        return line;
    }

    private static String bar(Progress.Amount amount) {
        int done = amount.total() <= 0 ? 0 : (int) Math.min(BAR, amount.current() * BAR / amount.total());
        String numbers = "%8s/%s".formatted(size(amount.current()), size(amount.total()));
        return "[" + "=".repeat(done) + ">" + " ".repeat(BAR - done) + "] " + numbers;
    }

    /// With four digits and decimal units, as Docker writes it.
    private static String size(long bytes) {
        BigDecimal value = BigDecimal.valueOf(bytes);
        int unit = 0;
        while (value.compareTo(BigDecimal.valueOf(1000)) >= 0 && unit < UNITS.size() - 1) {
            value = value.movePointLeft(3);
            unit++;
        }
        return value.round(new MathContext(4)).stripTrailingZeros().toPlainString() + UNITS.get(unit);
    }

    @Override
    public void close() throws IOException {
        if (stream != null) {
            stream.close();
        }
    }
}
