package dev.gantry.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The file system of the journals is full: output reaches the log all the same, and the process is not held up.
@Timeout(120)
class FullJournalIT {
    @TempDir
    private Path directory;

    private Path run;
    private Poller poller;
    private Pipe pipe;
    private ContainerLog log;
    private OutputPump pump;
    private OutputStream out;

    @BeforeEach
    void open() throws Exception {
        run = Files.createDirectory(directory.resolve("run"));
        command("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", run.toString());
        poller = Poller.start("test");
        pipe = Pipe.create();
        out = pipe.write().output();
        log = new ContainerLog(
                directory.resolve("log"), new LogSettings(LogDriver.JSON_FILE, -1, 1, ""), run.resolve("journals"));
        log.open();
        pump = OutputPump.start(
                new PipedProcess(new PolledInput(poller, pipe.read()), null), new ProcessStreams(false, false), log);
    }

    @AfterEach
    void close() throws Exception {
        log.close();
        pipe.close();
        poller.close();
        command("umount", "-l", run.toString());
    }

    @Test
    void losesNothingWhereThereIsNoSpaceAtAll() throws Exception {
        fill();
        out.write(lines(0, 30_000));
        finish();

        assertThat(logged()).isEqualTo(lines(0, 30_000));
    }

    @Test
    void losesNothingOfALineThatIsLongerThanTheSpace() throws Exception {
        byte[] line = ("x".repeat(1_000_000) + "\n").getBytes(StandardCharsets.US_ASCII);
        out.write(line);
        out.write(lines(0, 1000));
        finish();

        var expected = new ByteArrayOutputStream();
        expected.writeBytes(line);
        expected.writeBytes(lines(0, 1000));
        assertThat(logged()).isEqualTo(expected.toByteArray());
    }

    @Test
    void usesTheJournalAgainWhenThereIsSpace() throws Exception {
        out.write(lines(0, 10));
        Path journal = journal();
        fill();
        // more than the journal's last page takes
        out.write(lines(10, 5000));
        Files.delete(run.resolve("filling"));
        long before = Files.size(journal);
        int next = 5000;
        while (Files.size(journal) == before) {
            out.write(lines(next, next + 1));
            next++;
            Thread.onSpinWait();
        }
        finish();

        assertThat(logged()).isEqualTo(lines(0, next));
    }

    @Test
    void rotatesALogOnAFullDiskByGivingUpItsOldestFile() throws Exception {
        Path file = run.resolve("log");
        var full = new ContainerLog(
                file, new LogSettings(LogDriver.JSON_FILE, 40_000, 3, ""), directory.resolve("journals"));
        full.open();
        int next = 0;
        while (!Files.exists(run.resolve("log.2")) || Files.size(file) < 40_000) {
            record(full, next++);
        }
        fill();
        for (int end = next + 3000; next < end; next++) {
            record(full, next);
        }
        full.close();

        assertThat(Files.readString(file)).contains("{\"log\":\"" + (next - 1) + "\\n\"");
    }

    private static void record(ContainerLog to, int number) {
        byte[] line = lines(number, number + 1);
        assertThat(to.record(StreamType.STDOUT, line, line.length, -1, false)).isEqualTo(line.length);
    }

    /// The journal, as soon as it is there.
    private Path journal() throws Exception {
        while (!Files.exists(run.resolve("journals"))) {
            Thread.onSpinWait();
        }
        while (true) {
            try (var files = Files.list(run.resolve("journals"))) {
                List<Path> all = files.toList();
                if (!all.isEmpty() && Files.size(all.getFirst()) > 0) {
                    return all.getFirst();
                }
            }
        }
    }

    private void fill() throws IOException {
        try (OutputStream filling = Files.newOutputStream(run.resolve("filling"))) {
            while (true) {
                filling.write(new byte[4096]);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    private void finish() throws Exception {
        out.close();
        pump.awaitEnd();
        log.close();
    }

    private byte[] logged() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (LogReader reader = log.reader(new LogOptions(true, true, null, null, -1, false, false, false), false)) {
            reader.copyTo((stream, text, offset, length) -> {
                assertThat(stream).isEqualTo(StreamType.STDOUT);
                bytes.write(text, offset, length);
            });
        }
        return bytes.toByteArray();
    }

    private static byte[] lines(int from, int to) {
        var text = new StringBuilder();
        IntStream.range(from, to).forEach(i -> text.append(i).append('\n'));
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static void command(String... words) throws Exception {
        assertThat(new ProcessBuilder(words).inheritIO().start().waitFor()).isZero();
    }
}
