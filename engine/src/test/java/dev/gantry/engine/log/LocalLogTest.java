package dev.gantry.engine.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.engine.LogReader;
import dev.gantry.engine.OutputSink;
import dev.gantry.engine.StreamType;
import dev.gantry.engine.request.LogOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class LocalLogTest {
    @TempDir
    private Path directory;

    @Test
    void writesDockersFormat() {
        var batch = new LocalFormat().batch(StreamType.STDERR, Instant.ofEpochSecond(1, 2), 10);
        byte[] bytes = "hi\nrest".getBytes(StandardCharsets.UTF_8);
        assertThat(batch.add(bytes, 0, bytes.length, true)).isEqualTo(3);
        assertThat(batch.add(bytes, 3, bytes.length, true)).isEqualTo(7);

        var content = batch.out().content();
        byte[] written = new byte[content.remaining()];
        content.get(written);
        // source "stderr", time_nano 1000000002, line; then partial and its empty metadata
        String source = "0a06737464657272";
        String time = "108294ebdc03";
        assertThat(HexFormat.of().formatHex(written))
                .isEqualTo("00000012" + source + time + "1a026869" + "00000012" + "00000018" + source + time
                        + "1a0472657374" + "2001" + "2a00" + "00000018");
    }

    @Test
    void givesBackEveryByte() throws Exception {
        ContainerLog log = opened(-1, 1);
        byte[] bytes = new byte[256 * 3];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        assertThat(log.record(StreamType.STDOUT, bytes, bytes.length, -1, true)).isEqualTo(bytes.length);
        log.close();

        assertThat(bytes(log, options(-1, null))).isEqualTo(bytes);
        assertThat(log.path()).isEmpty();
    }

    @Test
    void readsTheTailAcrossRotatedFiles() throws Exception {
        ContainerLog log = opened(400, 5);
        numbers(log, 0, 40);
        log.close();

        assertThat(Path.of(file() + ".4")).exists();
        assertThat(read(log, options(0, null))).isEmpty();
        for (int n : new int[] {1, 2, 3, 13, 14, 19}) {
            assertThat(read(log, options(n, null)).lines())
                    .containsExactlyElementsOf(IntStream.range(40 - n, 40)
                            .mapToObj(Integer::toString)
                            .toList());
        }
        assertThat(read(log, options(1000, null))).isEqualTo(read(log, options(-1, null)));
    }

    @Test
    void findsTheFirstRecordSinceATime() throws Exception {
        ContainerLog log = opened(3000, 9);
        numbers(log, 0, 100);
        Instant between = Instant.now();
        while (!Instant.now().isAfter(between)) {
            Thread.onSpinWait();
        }
        numbers(log, 100, 150);
        log.close();

        assertThat(read(log, options(-1, between)).lines()).hasSize(50).startsWith("100");
        assertThat(read(log, options(-1, Instant.now()))).isEmpty();
    }

    @Test
    void takesNoTornRecordForTheLastOne() throws Exception {
        ContainerLog log = opened(-1, 1);
        numbers(log, 0, 10);
        byte[] whole = Files.readAllBytes(file());
        numbers(log, 10, 11);
        log.close();
        byte[] all = Files.readAllBytes(file());
        for (int length = whole.length; length < all.length; length++) {
            Files.write(file(), Arrays.copyOf(all, length));
            for (int n : new int[] {0, 1, 2}) {
                assertThat(read(log, options(n, null)).lines())
                        .as("%d of %d bytes", n, length)
                        .containsExactlyElementsOf(IntStream.range(10 - n, 10)
                                .mapToObj(Integer::toString)
                                .toList());
            }
            assertThat(read(log, options(-1, Instant.EPOCH)).lines()).hasSize(10);
            assertThat(read(log, options(-1, Instant.now()))).isEmpty();
        }
    }

    /// The kernel shows the size of a large write while it goes on.
    @Test
    @Timeout(20)
    void followsFromTheLastWholeWriteWhileAnotherGoesOn() throws Exception {
        ContainerLog log = opened(-1, 1);
        numbers(log, 0, 10);
        byte[] before = Files.readAllBytes(file());
        Files.write(file(), new byte[] {0, 0, 0, 99, 1, 2}, StandardOpenOption.APPEND);
        var text = new ByteArrayOutputStream();
        var follow = new LogOptions(true, true, null, null, 0, true, false, false);
        var begun = new CountDownLatch(1);
        try (LogReader reader = log.reader(follow, false)) {
            var reading = CompletableFuture.runAsync(() -> {
                try {
                    reader.copyTo(new OutputSink() {
                        @Override
                        public void write(StreamType stream, byte[] bytes, int offset, int length) {
                            text.write(bytes, offset, length);
                        }

                        @Override
                        public void flush() {
                            begun.countDown();
                        }
                    });
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            begun.await();
            // its end is written in place of what stands for it
            Files.write(file(), before);
            numbers(log, 10, 12);
            log.close();
            reading.get(10, TimeUnit.SECONDS);
        }
        assertThat(text.toString(StandardCharsets.UTF_8)).isEqualTo("10\n11\n");
    }

    /// A power cut leaves them where the size was written and the content was not.
    @Test
    void takesZerosAtTheEndForNoRecordsAndCutsThem() throws Exception {
        ContainerLog log = opened(-1, 1);
        numbers(log, 0, 10);
        log.close();
        long size = Files.size(file());
        Files.write(file(), new byte[4096], StandardOpenOption.APPEND);

        assertThat(read(log, options(-1, null)).lines()).hasSize(10);
        assertThat(read(log, options(2, null))).isEqualTo("8\n9\n");
        assertThat(read(log, options(-1, Instant.EPOCH)).lines()).hasSize(10);
        log = opened(-1, 1);
        assertThat(Files.size(file())).isEqualTo(size);
        log.close();
    }

    @Test
    void endsBeforeARecordWhoseLengthsDiffer() throws Exception {
        ContainerLog log = opened(-1, 1);
        numbers(log, 0, 2);
        log.close();
        byte[] all = Files.readAllBytes(file());
        all[all.length - 1]++;
        Files.write(file(), all);

        assertThat(read(log, options(-1, null))).isEqualTo("0\n");
        assertThat(read(log, options(1, null))).isEqualTo("0\n");
    }

    @Test
    void cutsARecordWithoutEndBeforeTheNextRun() throws Exception {
        ContainerLog log = opened(-1, 1);
        numbers(log, 0, 3);
        log.close();
        byte[] whole = Files.readAllBytes(file());
        for (int cut : new int[] {1, 3, 5, 30}) {
            Files.write(file(), Arrays.copyOf(whole, whole.length - cut));
            log = opened(-1, 1);
            numbers(log, 7, 8);
            log.close();
            assertThat(read(log, options(-1, null))).as("cut by %d", cut).isEqualTo("0\n1\n7\n");
        }
    }

    private Path file() {
        return directory.resolve("local.log");
    }

    private ContainerLog opened(long maxSize, int kept) throws IOException {
        var log = new ContainerLog(
                file(), new LogSettings(LogDriver.LOCAL, maxSize, kept, ""), directory.resolve("journals"));
        log.open();
        return log;
    }

    private static void numbers(ContainerLog log, int from, int to) {
        IntStream.range(from, to).forEach(i -> {
            byte[] line = (i + "\n").getBytes(StandardCharsets.UTF_8);
            assertThat(log.record(StreamType.STDOUT, line, line.length, -1, false))
                    .isEqualTo(line.length);
        });
    }

    private static LogOptions options(int tail, @Nullable Instant since) {
        return new LogOptions(true, true, since, null, tail, false, false, false);
    }

    private static String read(ContainerLog log, LogOptions options) throws IOException {
        return new String(bytes(log, options), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(ContainerLog log, LogOptions options) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (LogReader reader = log.reader(options, false)) {
            reader.copyTo((_, text, offset, length) -> bytes.write(text, offset, length));
        }
        return bytes.toByteArray();
    }
}
