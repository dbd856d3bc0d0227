package dev.gantry.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.engine.Attachment;
import dev.gantry.engine.LogReader;
import dev.gantry.engine.StreamType;
import dev.gantry.engine.log.ContainerLog;
import dev.gantry.engine.log.LogDriver;
import dev.gantry.engine.log.LogSettings;
import dev.gantry.engine.request.LogOptions;
import dev.gantry.kernel.Pipe;
import dev.gantry.kernel.PolledInput;
import dev.gantry.kernel.Poller;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Output on its way through journals into the log, also when the daemon dies on the way: then another
/// [ContainerLog] on the same files goes on.
@Timeout(60)
class OutputPumpTest {
    @TempDir
    private Path directory;

    private Poller poller;
    private Pipe stdout;
    private Pipe stderr;
    private PipedProcess process;
    private OutputStream out;
    private OutputStream err;

    @BeforeEach
    void open() throws Exception {
        poller = Poller.start("test");
        stdout = Pipe.create();
        stderr = Pipe.create();
        process = new PipedProcess(new PolledInput(poller, stdout.read()), new PolledInput(poller, stderr.read()));
        out = stdout.write().output();
        err = stderr.write().output();
    }

    @AfterEach
    void close() throws Exception {
        stdout.close();
        stderr.close();
        poller.close();
    }

    @Test
    void recordsBothStreamsAndRemovesTheJournals() throws Exception {
        ContainerLog log = opened();
        OutputPump pump = start(log);
        write(out, "one\ntw");
        write(err, "error\n");
        write(out, "o\nthree");
        finish(pump, log);

        assertThat(read(StreamType.STDOUT)).isEqualTo("one\ntwo\nthree");
        assertThat(read(StreamType.STDERR)).isEqualTo("error\n");
        assertThat(journals()).isEmpty();
        assertThat(directory.resolve("journals")).doesNotExist();
    }

    /// Of `docker run`, say, stopped by its terminal: the end of its container is known all the same.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void endsAlthoughAClientTakesNothingWhichGetsAllOfItLater(boolean logged) throws Exception {
        var streams = new ProcessStreams(false, false);
        Attachment client = streams.join(new ProcessStreams.Join(false, true, true, DetachKeys.parse(null), () -> {}));
        streams.begin(null);
        ContainerLog log = opened();
        OutputPump pump = logged ? OutputPump.start(process, streams, log) : OutputPump.start(process, streams);
        byte[] output = new byte[Listener.CAPACITY + 100_000];
        new Random(1).nextBytes(output);
        out.write(output); // its end stays in the pipe
        out.close();
        err.close();

        pump.awaitEnd();
        log.close();
        streams.end();

        var taken = new ByteArrayOutputStream();
        client.copyOutput((_, bytes, offset, length) -> taken.write(bytes, offset, length));
        assertThat(taken.toByteArray()).isEqualTo(output);
    }

    @Test
    void makesNoJournalWithoutOutput() throws Exception {
        ContainerLog log = opened();
        OutputPump pump = start(log);
        out.close();
        err.close();
        pump.awaitEnd();

        assertThat(directory.resolve("journals")).doesNotExist();
        log.close();
    }

    @Test
    void keepsMultiByteCharactersWhereReadingsCutThem() throws Exception {
        ContainerLog log = opened();
        OutputPump pump = start(log);
        String text = "€uro und Über\n".repeat(3);
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            out.write(each);
        }
        finish(pump, log);

        assertThat(read(StreamType.STDOUT)).isEqualTo(text);
    }

    @Test
    void keepsALongLineThatComesSlowlyWhole() throws Exception {
        ContainerLog log = opened();
        OutputPump pump = start(log);
        String line = "abcdefg".repeat(100_000);
        for (int i = 0; i < 100; i++) {
            write(out, line.substring(i * 7000, (i + 1) * 7000));
        }
        write(out, "\nnext\n");
        finish(pump, log);

        assertThat(read(StreamType.STDOUT)).isEqualTo(line + "\nnext\n");
        assertThat(Files.readAllLines(file())).hasSize(2);
    }

    @Test
    void givesSpaceBackBehindWhatIsRecorded() throws Exception {
        ContainerLog log = opened();
        OutputPump pump = start(log);
        String lines = "0123456789012345678901234567890123456789\n".repeat(1000);
        for (int i = 0; i < 400; i++) {
            write(out, lines);
        }
        write(out, "the end");
        long allocated = Long.MAX_VALUE;
        while (allocated > 8) {
            Thread.onSpinWait();
            allocated = journals().stream().mapToLong(OutputPumpTest::allocated).sum();
        }
        assertThat(journals())
                .hasSize(1)
                .allSatisfy(file -> assertThat(Files.size(file)).isGreaterThan(16_000_000));
        finish(pump, log);
    }

    /// Kilobytes that the file system holds for a file.
    private static long allocated(Path file) {
        try {
            Process du = new ProcessBuilder("du", "-k", file.toString()).start();
            String words = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Long.parseLong(words.split("\t", 2)[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void recordsWhatWasInTheJournalWhenTheDaemonDied() throws Exception {
        ContainerLog log = opened();
        write(out, "recorded\npartial");
        takeAndRecord(log);
        write(out, " line\nonly in the journal\nand a par");
        take(log);
        write(out, "tial line\n");

        ContainerLog again = reopened();
        finish(start(again), again);

        assertThat(read(StreamType.STDOUT))
                .isEqualTo("recorded\npartial line\nonly in the journal\nand a partial line\n");
        assertThat(Files.readAllLines(file())).hasSize(4);
    }

    @Test
    void recordsWhatIsLeftOfAProcessThatIsGone() throws Exception {
        ContainerLog log = opened();
        write(out, "recorded\npartial");
        takeAndRecord(log);
        write(out, " line\nthe end");
        take(log);

        ContainerLog again =
                new ContainerLog(file(), new LogSettings(LogDriver.JSON_FILE, -1, 1, ""), journalDirectory());
        again.settle();
        again.settle();

        assertThat(read(StreamType.STDOUT)).isEqualTo("recorded\npartial line\nthe end");
        assertThat(journalDirectory()).doesNotExist();
    }

    @Test
    void cutsAWriteThatIsNotThereInFullAndRepeatsIt() throws Exception {
        ContainerLog log = opened();
        write(out, "first\n");
        takeAndRecord(log);
        long before = Files.size(file());
        write(out, lines(0, 1000));
        takeAndRecord(log);
        byte[] all = Files.readAllBytes(file());
        for (int cut : new int[] {1, 2, 20, 90, 100, 5000, 50_000}) {
            Files.write(file(), Arrays.copyOf(all, Math.max((int) before, all.length - cut)));
            // a daemon that dies at once again
            var _ = reopened();
            assertThat(Files.size(file())).as("cut by %d", cut).isEqualTo(before);
        }

        ContainerLog again = reopened();
        finish(start(again), again);
        assertThat(read(StreamType.STDOUT)).isEqualTo("first\n" + lines(0, 1000));
    }

    @Test
    void repeatsAFirstWriteThatIsNotThereInFull() throws Exception {
        ContainerLog log = opened();
        write(out, lines(0, 100));
        takeAndRecord(log);
        byte[] all = Files.readAllBytes(file());
        Files.write(file(), Arrays.copyOf(all, all.length / 2));

        ContainerLog again = reopened();
        finish(start(again), again);
        assertThat(read(StreamType.STDOUT)).isEqualTo(lines(0, 100));
    }

    @Test
    void doesNotTakeTheMarkOfAnEarlierRunForItsOwn() throws Exception {
        ContainerLog log = opened();
        OutputPump pump = start(log);
        write(out, lines(0, 100));
        finish(pump, log);
        close();
        open();
        ContainerLog second = opened();
        write(out, lines(100, 200));
        take(second);

        ContainerLog again = reopened();
        finish(start(again), again);
        assertThat(read(StreamType.STDOUT)).isEqualTo(lines(0, 200));
    }

    @Test
    void goesOnAfterADeathBetweenTwoFiles() throws Exception {
        ContainerLog log = opened(2000, 3);
        write(out, lines(0, 5));
        takeAndRecord(log);
        write(out, lines(5, 10));
        take(log);
        Files.move(file(), directory.resolve("c-json.log.1"));
        Files.writeString(directory.resolve("c-json.log.new"), "x".repeat(5000));

        ContainerLog again = opened(2000, 3, true);
        OutputPump pump = start(again);
        write(out, lines(10, 50));
        finish(pump, again);
        assertThat(read(StreamType.STDOUT)).isEqualTo(lines(0, 50));
        assertThat(directory.resolve("c-json.log.new")).doesNotExist();
    }

    @Test
    void aLogOfOneFileIsNeverWithoutAMark() throws Exception {
        ContainerLog log = opened(500, 1);
        for (int i = 0; i < 100; i++) {
            write(out, i + "\n");
            takeAndRecord(log);
            log = opened(500, 1, true);
        }
        finish(start(log), log);
        List<Integer> numbers =
                read(StreamType.STDOUT).lines().map(Integer::valueOf).toList();
        assertThat(numbers)
                .endsWith(99)
                .isEqualTo(IntStream.range(numbers.getFirst(), 100).boxed().toList());
    }

    @Test
    void keepsRandomBytesInOrderThroughManyDeaths() throws Exception {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        ContainerLog log = opened();
        var expected = new ByteArrayOutputStream();
        for (int i = 0; i < 300; i++) {
            byte[] bytes = bytes(random);
            expected.write(bytes);
            out.write(bytes);
            switch (random.nextInt(4)) {
                case 0 -> take(log);
                case 1 -> takeAndRecord(log);
                case 2 -> log = reopened();
                default -> {
                    takeAndRecord(log);
                    byte[] all = Files.readAllBytes(file());
                    int torn = random.nextInt(all.length + 1 - lastWrite(all));
                    Files.write(file(), Arrays.copyOf(all, all.length - torn));
                    log = reopened();
                }
            }
        }
        ContainerLog last = reopened();
        finish(start(last), last);
        assertThat(read(StreamType.STDOUT)).as("seed %d", seed).isEqualTo(expected.toString(StandardCharsets.UTF_8));
    }

    @Test
    void cutsAndRepeatsInTheFilesOfTheDriverLocalToo() throws Exception {
        var settings = new LogSettings(LogDriver.LOCAL, 20_000, 3, "");
        var log = new ContainerLog(file(), settings, journalDirectory());
        log.open();
        write(out, "first\n");
        takeAndRecord(log);
        long before = Files.size(file());
        write(out, lines(0, 400));
        takeAndRecord(log);
        byte[] all = Files.readAllBytes(file());
        for (int cut : new int[] {0, 1, 7, 50, 3000}) {
            Files.write(file(), Arrays.copyOf(all, all.length - cut));
            var again = new ContainerLog(file(), settings, journalDirectory());
            again.reopen();
            assertThat(Files.size(file())).as("cut by %d", cut).isEqualTo(cut == 0 ? all.length : before);
        }

        write(out, "the end");
        var last = new ContainerLog(file(), settings, journalDirectory());
        last.reopen();
        finish(start(last), last);
        var bytes = new ByteArrayOutputStream();
        try (LogReader reader = last.reader(new LogOptions(true, true, null, null, -1, false, false, false), false)) {
            reader.copyTo((_, text, offset, length) -> bytes.write(text, offset, length));
        }
        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("first\n" + lines(0, 400) + "the end");
    }

    /// Every ASCII character, some others in two and three bytes, and bytes that are none.
    private static byte[] bytes(Random random) throws IOException {
        var bytes = new ByteArrayOutputStream();
        for (int length = random.nextInt(3000); length > 0; length--) {
            switch (random.nextInt(50)) {
                case 0 -> bytes.write(0xff);
                case 1 -> bytes.write("é€".getBytes(StandardCharsets.UTF_8));
                default -> bytes.write(random.nextInt(0x80));
            }
        }
        return bytes.toByteArray();
    }

    /// Where the last write begins: behind the last record but one that has a mark.
    private static int lastWrite(byte[] log) {
        String text = new String(log, StandardCharsets.ISO_8859_1);
        int last = text.lastIndexOf("\",\"journal\":\"");
        int before = last < 0 ? -1 : text.lastIndexOf("\",\"journal\":\"", last - 1);
        return before < 0 ? 0 : text.indexOf('\n', before) + 1;
    }

    private Path file() {
        return directory.resolve("c-json.log");
    }

    private Path journalDirectory() {
        return directory.resolve("journals");
    }

    private ContainerLog opened() throws IOException {
        return opened(-1, 1);
    }

    private ContainerLog opened(long maxSize, int kept) throws IOException {
        return opened(maxSize, kept, false);
    }

    private ContainerLog reopened() throws IOException {
        return opened(-1, 1, true);
    }

    private ContainerLog opened(long maxSize, int kept, boolean again) throws IOException {
        var log = new ContainerLog(file(), new LogSettings(LogDriver.JSON_FILE, maxSize, kept, ""), journalDirectory());
        if (again) {
            log.reopen();
        } else {
            log.open();
        }
        return log;
    }

    private OutputPump start(ContainerLog log) {
        return OutputPump.start(process, new ProcessStreams(false, false), log);
    }

    private void finish(OutputPump pump, ContainerLog log) throws Exception {
        out.close();
        err.close();
        pump.awaitEnd();
        log.close();
    }

    /// Moves what was written into the journal, as a daemon does that dies then.
    private void take(ContainerLog log) throws IOException {
        int taken = 1;
        while (taken > 0) {
            taken = log.journal(StreamType.STDOUT).take(process.stdout(), 1 << 20);
        }
    }

    private void takeAndRecord(ContainerLog log) throws IOException {
        take(log);
        var journal = log.journal(StreamType.STDOUT);
        byte[] bytes = new byte[(int) (journal.end() - journal.recorded())];
        if (bytes.length > 0) {
            journal.read(journal.recorded(), bytes, bytes.length);
            int recorded = log.record(StreamType.STDOUT, bytes, bytes.length, journal.recorded(), false);
            journal.recordedUpTo(journal.recorded() + recorded);
        }
    }

    private List<Path> journals() throws IOException {
        if (!Files.exists(journalDirectory())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(journalDirectory())) {
            return files.toList();
        }
    }

    private static String lines(int from, int to) {
        var text = new StringBuilder();
        IntStream.range(from, to).forEach(i -> text.append(i).append('\n'));
        return text.toString();
    }

    private static void write(OutputStream to, String text) throws IOException {
        to.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private String read(StreamType stream) throws IOException {
        var options = new LogOptions(
                stream == StreamType.STDOUT, stream == StreamType.STDERR, null, null, -1, false, false, false);
        var log = new ContainerLog(file(), new LogSettings(LogDriver.JSON_FILE, -1, 3, ""), journalDirectory());
        var bytes = new ByteArrayOutputStream();
        try (LogReader reader = log.reader(options, false)) {
            reader.copyTo((_, text, offset, length) -> bytes.write(text, offset, length));
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
