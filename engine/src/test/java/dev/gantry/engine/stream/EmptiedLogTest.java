package dev.gantry.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gantry.engine.LogReader;
import dev.gantry.engine.StreamType;
import dev.gantry.engine.log.ContainerLog;
import dev.gantry.engine.log.LogDriver;
import dev.gantry.engine.log.LogSettings;
import dev.gantry.engine.log.OutputJournal;
import dev.gantry.engine.request.LogOptions;
import dev.gantry.kernel.Pipe;
import dev.gantry.kernel.PolledInput;
import dev.gantry.kernel.Poller;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/// Somebody empties the log of a container that runs (`truncate -s 0`), as people do who need the space.
@Timeout(60)
class EmptiedLogTest {
    @TempDir
    private Path directory;

    private Poller poller;
    private Pipe pipe;
    private PolledInput source;
    private OutputStream out;

    @BeforeEach
    void open() throws Exception {
        poller = Poller.start("test");
        pipe = Pipe.create();
        source = new PolledInput(poller, pipe.read());
        out = pipe.write().output();
    }

    @AfterEach
    void close() throws Exception {
        pipe.close();
        poller.close();
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void itGoesOnAtItsBeginning(LogDriver driver) throws Exception {
        ContainerLog log = opened(driver, -1);
        record(log, "before\n");
        long length = Files.size(file());
        empty();
        record(log, "behind\n");
        // zeros at the end of a time are not written
        assertThat(Files.size(file())).isCloseTo(length, within(8L));
        record(log, "and so on\n");
        assertThat(read(log)).isEqualTo("behind\nand so on\n");
        log.close();

        assertThat(read(log)).isEqualTo("behind\nand so on\n");
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void whoFollowsItGoesOnToo(LogDriver driver) throws Exception {
        ContainerLog log = opened(driver, -1);
        var text = new StringBuilder();
        var first = new CountDownLatch(1);
        var second = new CountDownLatch(2);
        try (LogReader reader = log.reader(options(true), false)) {
            record(log, "x".repeat(1000) + "\n");
            var reading = CompletableFuture.runAsync(() -> {
                try {
                    reader.copyTo((_, bytes, offset, length) -> {
                        text.append(new String(bytes, offset, length, StandardCharsets.UTF_8));
                        first.countDown();
                        second.countDown();
                    });
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            assertThat(first.await(10, TimeUnit.SECONDS)).isTrue();
            empty();
            record(log, "one\n");
            assertThat(second.await(10, TimeUnit.SECONDS)).isTrue();
            empty();
            record(log, "two\n");
            record(log, "three\n");
            log.close();
            reading.get(10, TimeUnit.SECONDS);
        }
        assertThat(text.substring(1001)).isEqualTo("one\ntwo\nthree\n");
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void itIsNotRotatedBeforeItIsLongAgain(LogDriver driver) throws Exception {
        ContainerLog log = opened(driver, 1000);
        record(log, "x".repeat(1500) + "\n");
        empty();
        record(log, "one\n");
        record(log, "two\n");
        log.close();

        assertThat(file().resolveSibling("log.1")).doesNotExist();
        assertThat(read(log)).isEqualTo("one\ntwo\n");
    }

    /// The log says no more how far the journal was recorded.
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void theNextDaemonRepeatsNothingAndLosesNothing(LogDriver driver) throws Exception {
        for (String before : new String[] {"one\n", "one\n".repeat(3000)}) {
            for (String rest : new String[] {"", "half a", "\nwhole\nand more"}) {
                ContainerLog log = opened(driver, -1);
                write(log, before + "is recorded");
                write(log, rest);
                empty();
                String half = rest.substring(rest.lastIndexOf('\n') + 1);
                String expected = (rest.contains("\n") ? "" : "is recorded") + half + " end\n";

                ContainerLog again = log(driver, -1);
                again.reopen();
                write(again, " end\n");
                assertThat(read(again)).isEqualTo(expected);
                again.close();
                empty();
            }
        }
    }

    /// What a rotation has left says how far the journal was recorded then.
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void theNextDaemonDoesNotTrustTheMarkOfAnOlderFile(LogDriver driver) throws Exception {
        ContainerLog log = opened(driver, 200);
        write(log, "x".repeat(200) + "\n");
        write(log, "two\n");
        write(log, "three\nfour");
        empty();

        ContainerLog again = log(driver, 200);
        again.reopen();
        write(again, " end\n");
        assertThat(read(again)).isEqualTo("x".repeat(200) + "\n" + "four end\n");
        again.close();
    }

    /// Nothing was given back, so all zeros are output.
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void theNextDaemonLosesNoZerosOfALogThatHadNothingYet(LogDriver driver) throws Exception {
        ContainerLog log = opened(driver, -1);
        write(log, "\0\0half a");

        ContainerLog again = log(driver, -1);
        again.reopen();
        write(again, " line\n");
        assertThat(read(again)).isEqualTo("\0\0half a line\n");
        again.close();
    }

    private Path file() {
        return directory.resolve("log");
    }

    private void empty() throws IOException {
        try (FileChannel file = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            FileChannel _ = file.truncate(0);
        }
    }

    private ContainerLog log(LogDriver driver, long maxSize) {
        return new ContainerLog(file(), new LogSettings(driver, maxSize, 3, ""), directory.resolve("journals"));
    }

    private ContainerLog opened(LogDriver driver, long maxSize) throws IOException {
        ContainerLog log = log(driver, maxSize);
        log.open();
        return log;
    }

    private static void record(ContainerLog log, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertThat(log.record(StreamType.STDOUT, bytes, bytes.length, -1, false))
                .isEqualTo(bytes.length);
    }

    /// A process writes, and the daemon does with it what it does until it waits for more.
    private void write(ContainerLog log, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        OutputJournal journal = log.journal(StreamType.STDOUT);
        int taken = 1;
        while (taken > 0) {
            taken = journal.take(source, 1 << 20);
        }
        byte[] bytes = new byte[(int) (journal.end() - journal.recorded())];
        journal.read(journal.recorded(), bytes, bytes.length);
        int recorded = log.record(StreamType.STDOUT, bytes, bytes.length, journal.recorded(), false);
        journal.recordedUpTo(journal.recorded() + recorded);
        journal.rest();
    }

    private static LogOptions options(boolean follow) {
        return new LogOptions(true, true, null, null, -1, follow, false, false);
    }

    private static String read(ContainerLog log) throws IOException {
        var text = new StringBuilder();
        try (LogReader reader = log.reader(options(false), false)) {
            reader.copyTo((_, bytes, offset, length) ->
                    text.append(new String(bytes, offset, length, StandardCharsets.UTF_8)));
        }
        return text.toString();
    }
}
