package dev.gantry.engine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.engine.EngineException;
import dev.gantry.engine.LogReader;
import dev.gantry.engine.OutputSink;
import dev.gantry.engine.StreamType;
import dev.gantry.engine.request.LogOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerLogTest {
    private static final String NO_ATTRIBUTES = "";
    private static final long UNJOURNALED = -1;

    @TempDir
    private Path directory;

    @Test
    void writesDockersFormat() throws Exception {
        ContainerLog log = open(new LogSettings(LogDriver.JSON_FILE, -1, 1, "{\"a\":\"b\"}"));
        write(log, "say \"<hi>\" \\ \t\u0001é\u2028\n");
        log.close();

        assertThat(Files.readString(file()))
                .startsWith(
                        "{\"log\":\"say \\\"\\u003chi\\u003e\\\" \\\\ \\t\\u0001é\\u2028\\n\",\"stream\":\"stdout\","
                                + "\"attrs\":{\"a\":\"b\"},\"time\":\"2")
                .containsPattern("Z\",\"journal\":\"[0-9a-f]+-0-0\"}\n$");
    }

    @Test
    void replacesWhatIsNotUtf8() throws Exception {
        ContainerLog log = unlimited();
        byte[] bytes = {'a', (byte) 0xff, (byte) 0xc3, 'b', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '\n'};
        assertThat(log.record(StreamType.STDOUT, bytes, bytes.length, UNJOURNALED, false))
                .isEqualTo(bytes.length);
        log.close();

        assertThat(read(log, all())).isEqualTo("a\ufffd\ufffdb\ufffd\ufffd\ufffd\n");
    }

    @Test
    void keepsALineOf1MiBWhole() throws Exception {
        ContainerLog log = unlimited();
        String line = "x".repeat(ContainerLog.LONGEST) + "\n";
        write(log, line);
        log.close();

        assertThat(Files.readAllLines(file())).hasSize(1);
        assertThat(read(log, all())).isEqualTo(line);
    }

    @Test
    void cutsLongerLinesBetweenCharacters() throws Exception {
        ContainerLog log = unlimited();
        String line = "x".repeat(ContainerLog.LONGEST - 1) + "€".repeat(1000) + "\n";
        write(log, line);
        log.close();

        assertThat(Files.readAllLines(file())).hasSize(2);
        assertThat(read(log, all())).isEqualTo(line);
    }

    @Test
    void recordsWhatHasNoLineFeedOnlyAtTheEnd() throws Exception {
        ContainerLog log = unlimited();
        byte[] bytes = "one\ntwo".getBytes(StandardCharsets.UTF_8);
        assertThat(log.record(StreamType.STDOUT, bytes, bytes.length, UNJOURNALED, false))
                .isEqualTo(4);
        assertThat(read(log, all())).isEqualTo("one\n");
        byte[] rest = "two".getBytes(StandardCharsets.UTF_8);
        assertThat(log.record(StreamType.STDOUT, rest, rest.length, UNJOURNALED, true))
                .isEqualTo(3);
        log.close();

        assertThat(read(log, all())).isEqualTo("one\ntwo");
    }

    @Test
    void saysInTheLastRecordOfEachWriteHowFarTheJournalsAreTakenOver() throws Exception {
        ContainerLog log = unlimited();
        byte[] bytes = "one\ntwo\nthr".getBytes(StandardCharsets.UTF_8);
        assertThat(log.record(StreamType.STDOUT, bytes, bytes.length, 100, false))
                .isEqualTo(8);
        assertThat(log.record(StreamType.STDERR, bytes, 4, 7, false)).isEqualTo(4);

        assertThat(Files.readAllLines(file()))
                .satisfiesExactly(
                        record -> assertThat(record).endsWith("Z\"}"),
                        record -> assertThat(record).matches(".*Z\",\"journal\":\"[0-9a-f]+-108-0\"}"),
                        record -> assertThat(record).matches(".*Z\",\"journal\":\"[0-9a-f]+-108-11\"}"));
        assertThat(read(log, all())).isEqualTo("one\ntwo\none\n");
        log.close();
    }

    @Test
    void readsTheTailAcrossRotatedFiles() throws Exception {
        ContainerLog log = open(new LogSettings(LogDriver.JSON_FILE, 400, 5, NO_ATTRIBUTES));
        numbers(log, 0, 40);
        log.close();

        assertThat(file().resolveSibling("c-json.log.1")).exists();
        assertThat(file().resolveSibling("c-json.log.4")).exists();
        assertThat(file().resolveSibling("c-json.log.5")).doesNotExist();
        assertThat(read(log, tail(0))).isEmpty();
        for (int n : new int[] {1, 2, 3, 13, 14, 19}) {
            assertThat(read(log, tail(n)).lines())
                    .containsExactlyElementsOf(IntStream.range(40 - n, 40)
                            .mapToObj(Integer::toString)
                            .toList());
        }
        assertThat(read(log, tail(1000))).isEqualTo(read(log, all()));
    }

    @Test
    void findsTheFirstRecordSinceATime() throws Exception {
        ContainerLog log = open(new LogSettings(LogDriver.JSON_FILE, 4000, 5, NO_ATTRIBUTES));
        numbers(log, 0, 50);
        Instant between = after(Instant.now());
        numbers(log, 50, 100);
        log.close();

        var since = new LogOptions(true, true, between, null, -1, false, false, false);
        assertThat(read(log, since).lines()).hasSize(50).startsWith("50");
        var until = new LogOptions(true, true, null, between, -1, false, false, false);
        assertThat(read(log, until).lines()).hasSize(50).endsWith("49");
    }

    @Test
    void flushesItsReadersWhatTheyHaveCollected() throws Exception {
        ContainerLog log = unlimited();
        numbers(log, 0, 3);
        Instant until = after(Instant.now());
        numbers(log, 3, 5);
        log.close();
        for (LogOptions options :
                new LogOptions[] {all(), tail(2), new LogOptions(true, true, null, until, -1, false, false, false)}) {
            var calls = new ArrayList<String>();
            try (LogReader reader = log.reader(options, false)) {
                reader.copyTo(new OutputSink() {
                    @Override
                    public void write(StreamType stream, byte[] bytes, int offset, int length) {
                        calls.add("write");
                    }

                    @Override
                    public void flush() {
                        calls.add("flush");
                    }
                });
            }
            assertThat(calls).contains("write").endsWith("flush");
        }
    }

    /// Reads in a thread of its own.
    private static CompletableFuture<Void> reading(LogReader reader, StringBuilder text, CountDownLatch started) {
        return CompletableFuture.runAsync(() -> {
            try {
                reader.copyTo((stream, bytes, offset, length) -> {
                    text.append(new String(bytes, offset, length, StandardCharsets.UTF_8));
                    started.countDown();
                });
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }

    @Test
    void followsUntilTheContainerEndsAcrossRotations() throws Exception {
        ContainerLog log = open(new LogSettings(LogDriver.JSON_FILE, 2000, 50, NO_ATTRIBUTES));
        var follow = new LogOptions(true, true, null, null, -1, true, false, false);
        var started = new CountDownLatch(1);
        var text = new StringBuilder();
        try (LogReader reader = log.reader(follow, false)) {
            var reading = reading(reader, text, started);
            numbers(log, 0, 1);
            assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
            numbers(log, 1, 200);
            log.close();
            reading.get(10, TimeUnit.SECONDS);
        }
        assertThat(text.toString().lines())
                .containsExactlyElementsOf(
                        IntStream.range(0, 200).mapToObj(Integer::toString).toList());
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 400})
    void endsWhereTheLogEndedWhenItBeganAlthoughMoreIsWritten(long maxSize) throws Exception {
        ContainerLog log = open(new LogSettings(LogDriver.JSON_FILE, maxSize, 200, NO_ATTRIBUTES));
        var written = new AtomicInteger(40);
        numbers(log, 0, 40);
        for (int tail : new int[] {0, 3, 30, -1}) {
            int before = written.get();
            var lines = new ArrayList<String>();
            try (LogReader reader = log.reader(tail(tail), false)) {
                reader.copyTo((_, bytes, offset, length) -> {
                    lines.add(new String(bytes, offset, length - 1, StandardCharsets.UTF_8));
                    assertThat(lines).hasSizeLessThanOrEqualTo(before);
                    int next = written.getAndIncrement();
                    numbers(log, next, next + 1);
                });
            }
            assertThat(lines)
                    .containsExactlyElementsOf(IntStream.range(tail < 0 ? 0 : before - tail, before)
                            .mapToObj(Integer::toString)
                            .toList());
        }
        log.close();
    }

    @Test
    void takesNoTornRecordForTheLastOne() throws Exception {
        ContainerLog log = unlimited();
        numbers(log, 0, 10);
        Files.writeString(file(), "{\"log\":\"half a wr", StandardOpenOption.APPEND);
        assertThat(read(log, tail(1))).isEqualTo("9\n");
        assertThat(read(log, tail(0))).isEmpty();
        log.close();

        assertThat(read(log, tail(1))).isEqualTo("9\n");
        assertThat(read(log, tail(3))).isEqualTo("7\n8\n9\n");
        assertThat(read(log, tail(0))).isEmpty();
    }

    @Test
    void followsUntilATimeThatIsCenturiesAway() throws Exception {
        ContainerLog log = unlimited();
        var until = Instant.parse("9999-01-01T00:00:00Z");
        var text = new StringBuilder();
        var started = new CountDownLatch(1);
        try (LogReader reader = log.reader(new LogOptions(true, true, null, until, -1, true, false, false), false)) {
            write(log, "one\n");
            var reading = reading(reader, text, started);
            assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
            write(log, "two\n");
            log.close();
            reading.get(10, TimeUnit.SECONDS);
        }
        assertThat(text).hasToString("one\ntwo\n");
    }

    @Test
    void aClosedReaderStopsFollowing() throws Exception {
        ContainerLog log = unlimited();
        var follow = new LogOptions(true, true, null, null, -1, true, false, false);
        LogReader reader = log.reader(follow, false);
        var reading = CompletableFuture.runAsync(() -> {
            try {
                reader.copyTo((_, _, _, _) -> {});
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });

        reader.close();

        reading.get(10, TimeUnit.SECONDS);
        log.close();
    }

    @Test
    void selectsStreamsAndAddsTimesAndDetails() throws Exception {
        ContainerLog log = open(new LogSettings(LogDriver.JSON_FILE, -1, 1, "{\"b\":\"x y\",\"a\":\"1\"}"));
        write(log, "out\n");
        assertThat(log.record(StreamType.STDERR, "err\n".getBytes(StandardCharsets.UTF_8), 4, UNJOURNALED, false))
                .isEqualTo(4);
        log.close();

        assertThat(read(log, new LogOptions(false, true, null, null, -1, false, false, false)))
                .isEqualTo("err\n");
        assertThat(read(log, new LogOptions(true, false, null, null, -1, false, true, true)))
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{9}Z a=1,b=x\\+y out\n");
    }

    @Test
    void escapesDetailsAsGoDoes() throws Exception {
        ContainerLog log = open(new LogSettings(LogDriver.JSON_FILE, -1, 1, "{\"tag\":\"~a*b c/-_.\"}"));
        write(log, "out\n");
        log.close();

        assertThat(read(log, new LogOptions(true, true, null, null, -1, false, false, true)))
                .isEqualTo("tag=~a%2Ab+c%2F-_. out\n");
    }

    @Test
    void takesOtherSettingsFromTheNextRunOn() throws Exception {
        ContainerLog log = open(new LogSettings(LogDriver.JSON_FILE, -1, 1, "{\"tag\":\"old\"}"));
        log.settings(new LogSettings(LogDriver.JSON_FILE, -1, 1, "{\"tag\":\"new\"}"));
        write(log, "one\n");
        log.close();
        log.open();
        write(log, "two\n");
        log.close();

        assertThat(read(log, new LogOptions(true, true, null, null, -1, false, false, true)))
                .isEqualTo("tag=old one\ntag=new two\n");
    }

    @Test
    void skipsADamagedRecord() throws Exception {
        ContainerLog log = unlimited();
        write(log, "before\n");
        log.close();
        Files.writeString(file(), Files.readString(file()) + "{\"log\":\"torn\n");
        log.open();
        write(log, "after\n");
        log.close();

        assertThat(read(log, all())).isEqualTo("before\nafter\n");
    }

    @Test
    void cutsARecordWithoutEndBeforeTheNextRun() throws Exception {
        ContainerLog log = unlimited();
        write(log, "before\n");
        log.close();
        Files.writeString(file(), Files.readString(file()) + "{\"log\":\"to");
        log.open();
        write(log, "after\n");
        log.close();

        assertThat(Files.readAllLines(file())).hasSize(2);
        assertThat(read(log, all())).isEqualTo("before\nafter\n");
    }

    @Test
    void theDriverNoneKeepsNothingAndSaysSo() throws Exception {
        ContainerLog log = open(new LogSettings(LogDriver.NONE, 0, 0, NO_ATTRIBUTES));
        write(log, "x\n");
        log.close();

        assertThat(file()).doesNotExist();
        assertThatThrownBy(() -> log.reader(all(), false))
                .isInstanceOf(EngineException.Unsupported.class)
                .hasMessage("configured logging driver does not support reading");
    }

    private Path file() {
        return directory.resolve("c-json.log");
    }

    private ContainerLog unlimited() throws IOException {
        return open(new LogSettings(LogDriver.JSON_FILE, -1, 1, NO_ATTRIBUTES));
    }

    private ContainerLog open(LogSettings settings) throws IOException {
        var log = new ContainerLog(file(), settings, directory.resolve("journals"));
        log.open();
        return log;
    }

    private static void write(ContainerLog log, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertThat(log.record(StreamType.STDOUT, bytes, bytes.length, UNJOURNALED, false))
                .isEqualTo(bytes.length);
    }

    private static void numbers(ContainerLog log, int from, int to) {
        IntStream.range(from, to).forEach(i -> write(log, i + "\n"));
    }

    /// The clock has moved on when this returns.
    private static Instant after(Instant time) {
        Instant now = Instant.now();
        while (!now.isAfter(time)) {
            now = Instant.now();
        }
        return now;
    }

    private static LogOptions all() {
        return tail(-1);
    }

    private static LogOptions tail(int lines) {
        return new LogOptions(true, true, null, null, lines, false, false, false);
    }

    private static String read(ContainerLog log, LogOptions options) throws IOException {
        var text = new StringBuilder();
        try (LogReader reader = log.reader(options, false)) {
            reader.copyTo((stream, bytes, offset, length) ->
                    text.append(new String(bytes, offset, length, StandardCharsets.UTF_8)));
        }
        return text.toString();
    }
}
