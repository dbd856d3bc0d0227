package dev.gantry.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.engine.Attachment;
import dev.gantry.engine.OutputSink;
import dev.gantry.engine.StreamType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ProcessStreamsTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final CountDownLatch detached = new CountDownLatch(1);

    @Test
    void giveEachStreamToWhoWantsIt() throws Exception {
        var streams = new ProcessStreams(false, false);
        try (Attachment both = join(streams, true, true);
                Attachment errors = join(streams, false, true)) {
            streams.publish(StreamType.STDOUT, bytes("one"), 0, 3);
            streams.publish(StreamType.STDERR, bytes("two"), 0, 3);
            streams.end();

            both.copyOutput(sink());
            assertThat(out + "|" + err).isEqualTo("one|two");
            errors.copyOutput(sink());
            assertThat(out + "|" + err).isEqualTo("one|twotwo");
        }
    }

    @Test
    void holdTheProcessForAClientThatWasThereFirst() throws Exception {
        var streams = new ProcessStreams(false, false);
        Attachment attachment = join(streams, true, true);
        streams.begin(null);
        var published = new CountDownLatch(3);
        Thread process = publishing(streams, published);
        assertThat(published.await(200, TimeUnit.MILLISECONDS)).isFalse();

        Thread client = Thread.ofVirtual().name("client").start(() -> copy(attachment));
        process.join();
        streams.end();
        client.join();
        assertThat(out.size()).isEqualTo(3 * Listener.CAPACITY);
    }

    @Test
    void letAClientGoThatHeldTheProcess() throws Exception {
        var streams = new ProcessStreams(false, false);
        Attachment attachment = join(streams, true, true);
        streams.begin(null);
        Thread process = publishing(streams, new CountDownLatch(3));
        attachment.close();

        assertThat(process.join(Duration.ofSeconds(10))).isTrue();
        attachment.copyOutput(sink());
        assertThat(out.size()).isZero();
    }

    @Test
    void tellALateClientWhatItMissed() throws Exception {
        var streams = new ProcessStreams(false, false);
        streams.begin(null);
        try (Attachment attachment = join(streams, true, true)) {
            publishing(streams, new CountDownLatch(3)).join();
            streams.end();

            attachment.copyOutput(sink());
            assertThat(out.size()).isEqualTo(Listener.CAPACITY);
            assertThat(err.toString(StandardCharsets.UTF_8))
                    .contains("missed " + 2 * Listener.CAPACITY + " bytes of output");
        }
    }

    @Test
    void keepInputUntilTheProcessRuns() throws Exception {
        var streams = new ProcessStreams(false, true);
        Attachment attachment = join(streams, true, true);
        var stdin = new ClosableBytes();
        Thread client = Thread.ofVirtual().name("client").start(() -> input(attachment, "hello"));

        streams.begin(stdin);
        client.join();
        assertThat(stdin.toString(StandardCharsets.UTF_8)).isEqualTo("hello");
        assertThat(stdin.closed).isTrue();
    }

    @Test
    void endNoInputThatOthersMayStillGive() throws Exception {
        var streams = new ProcessStreams(false, false);
        Attachment attachment = join(streams, true, true);
        var stdin = new ClosableBytes();
        streams.begin(stdin);

        assertThat(attachment.copyInput(new ByteArrayInputStream(bytes("hello"))))
                .isFalse();
        assertThat(stdin.closed).isFalse();
    }

    @Test
    void detachAtTheKeysOfATerminalOnly() throws Exception {
        InputStream keys = new ByteArrayInputStream(bytes("x\u0010\u0011y"));
        var terminal = new ProcessStreams(true, false);
        Attachment attachment = join(terminal, true, true);
        var stdin = new ClosableBytes();
        terminal.begin(stdin);
        assertThat(attachment.copyInput(keys)).isTrue();
        assertThat(stdin.toString(StandardCharsets.UTF_8)).isEqualTo("x");
        assertThat(detached.getCount()).isZero();

        keys.reset();
        var pipes = new ProcessStreams(false, false);
        Attachment plain = join(pipes, true, true);
        var other = new ClosableBytes();
        pipes.begin(other);
        assertThat(plain.copyInput(keys)).isFalse();
        assertThat(other.toString(StandardCharsets.UTF_8)).isEqualTo("x\u0010\u0011y");
    }

    @Test
    void letAClientGoThatWaitsForAProcessThatNeverStarts() throws Exception {
        var streams = new ProcessStreams(false, true);
        Attachment attachment = join(streams, true, true);
        Thread client = Thread.ofVirtual().name("client").start(() -> input(attachment, "hello"));
        attachment.close();
        assertThat(client.join(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void endEverybodyWhoJoinsWhileTheyEnd() throws Exception {
        var streams = new ProcessStreams(false, false);
        List<Attachment> attachments = new ArrayList<>();
        Thread clients = Thread.ofPlatform().name("clients").start(() -> {
            for (int i = 0; i < 10_000; i++) {
                attachments.add(join(streams, true, true));
            }
        });
        while (clients.isAlive()) {
            streams.end();
        }
        streams.end();
        for (Attachment each : attachments) {
            each.copyOutput(sink());
        }
        assertThat(attachments).hasSize(10_000);
    }

    @Test
    void endAtOnceWhenThereWillBeNoProcess() throws Exception {
        var streams = new ProcessStreams(false, false);
        streams.close();
        try (Attachment attachment = join(streams, true, true)) {
            attachment.copyOutput(sink());
        }
        assertThat(out.size()).isZero();
    }

    @Test
    void letTheProcessGoThatAClientHolds() throws Exception {
        var streams = new ProcessStreams(false, false);
        Attachment holding = join(streams, true, true);
        streams.begin(null);
        try (Attachment late = join(streams, true, true)) {
            var published = new CountDownLatch(3);
            Thread process = publishing(streams, published);
            assertThat(published.await(200, TimeUnit.MILLISECONDS)).isFalse();

            streams.letGo();
            assertThat(process.join(Duration.ofSeconds(10))).isTrue();
            streams.end();
            holding.copyOutput(sink());
            assertThat(out.size()).isEqualTo(3 * Listener.CAPACITY);
            out.reset();
            late.copyOutput(sink());
            assertThat(out.size()).isEqualTo(Listener.CAPACITY);
        }
    }

    private Attachment join(ProcessStreams streams, boolean stdout, boolean stderr) {
        return streams.join(new ProcessStreams.Join(true, stdout, stderr, DetachKeys.parse(null), detached::countDown));
    }

    /// Publishes three times as much as a client's queue holds.
    private static Thread publishing(ProcessStreams streams, CountDownLatch published) {
        return Thread.ofVirtual().name("process").start(() -> {
            try {
                for (int i = 0; i < 3; i++) {
                    streams.publish(StreamType.STDOUT, new byte[Listener.CAPACITY], 0, Listener.CAPACITY);
                    published.countDown();
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private OutputSink sink() {
        return (stream, bytes, offset, length) ->
                (stream == StreamType.STDOUT ? out : err).write(bytes, offset, length);
    }

    private void copy(Attachment attachment) {
        try {
            attachment.copyOutput(sink());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void input(Attachment attachment, String text) {
        try {
            boolean _ = attachment.copyInput(new ByteArrayInputStream(bytes(text)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static final class ClosableBytes extends ByteArrayOutputStream {
        private volatile boolean closed;

        @Override
        public void close() {
            closed = true;
        }
    }
}
