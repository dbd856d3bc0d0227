package dev.gantry.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.engine.LogReader;
import dev.gantry.engine.log.ContainerLog;
import dev.gantry.engine.log.LogDriver;
import dev.gantry.engine.log.LogSettings;
import dev.gantry.engine.request.LogOptions;
import dev.gantry.kernel.HostFiles;
import dev.gantry.kernel.OpenMode;
import dev.gantry.kernel.OwnedFd;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The process that takes output to the log is killed again and again; nothing is lost, doubled or torn.
@Timeout(300)
class KilledPumpIT {
    private static final int ROUNDS = 20;

    @TempDir
    private Path directory;

    private Path pipe;
    private final AtomicBoolean enough = new AtomicBoolean();

    @BeforeEach
    void makePipe() throws Exception {
        pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
    }

    @Test
    void losesNoneOfTheNumberedLinesOfAProcessThatWritesAsFastAsItCan() throws Exception {
        var written = new AtomicLong();
        run(() -> written.get() > 10_000, out -> {
            while (!enough.get()) {
                long number = written.getAndIncrement();
                out.write(("this is line " + number + " of the output\n").getBytes(StandardCharsets.UTF_8));
            }
        });

        var next = new AtomicLong();
        read(line -> assertThat(line).isEqualTo("this is line " + next.getAndIncrement() + " of the output"));
        assertThat(next).hasValue(written.get());
    }

    @Test
    void losesNoneOfTheNumberedLinesOfAProcessThatWritesThemInParts() throws Exception {
        var written = new AtomicLong();
        run(() -> written.get() > 100, out -> {
            while (!enough.get()) {
                long number = written.getAndIncrement();
                out.write(("line " + number).getBytes(StandardCharsets.UTF_8));
                out.flush();
                out.write(" comes in two parts\n".getBytes(StandardCharsets.UTF_8));
                out.flush();
                Thread.onSpinWait();
            }
        });

        var next = new AtomicLong();
        read(line -> assertThat(line).isEqualTo("line " + next.getAndIncrement() + " comes in two parts"));
        assertThat(next).hasValue(written.get());
    }

    private interface Program {
        void run(OutputStream out) throws IOException, InterruptedException;
    }

    private interface Lines {
        void line(String line);
    }

    /// @param worthIt whether pumps have taken so much that killing them has meant something
    private void run(BooleanSupplier worthIt, Program program) throws Exception {
        var random = new Random();
        // as the shim does: the pipe is there while nobody reads it
        try (OwnedFd _ = HostFiles.open(pipe, OpenMode.READ, OpenMode.NON_BLOCKING)) {
            Thread writer = Thread.ofPlatform().name("program").start(() -> write(program));
            for (int i = 0; i < ROUNDS || !worthIt.getAsBoolean(); i++) {
                Process pump = pump();
                // 0.3 s: most of it is the start of a virtual machine, which takes longer on a busy host
                int millis = 250 + random.nextInt(500 * (1 + i / ROUNDS));
                assertThat(pump.waitFor(millis, TimeUnit.MILLISECONDS)).isFalse();
                pump.destroyForcibly().waitFor();
            }
            Process last = pump();
            enough.set(true);
            writer.join();
            assertThat(last.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(last.exitValue()).isZero();
        }
        assertThat(directory.resolve("journals")).doesNotExist();
    }

    private void write(Program program) {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(pipe), 4096)) {
            program.run(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private Process pump() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DoomedPump.class.getName(),
                        pipe.toString(),
                        directory.resolve("log").toString(),
                        directory.resolve("journals").toString())
                .inheritIO()
                .start();
    }

    private void read(Lines lines) throws IOException {
        var log = new ContainerLog(
                directory.resolve("log"),
                new LogSettings(LogDriver.JSON_FILE, 100_000_000, 50, ""),
                directory.resolve("journals"));
        var options = new LogOptions(true, true, null, null, -1, false, false, false);
        try (LogReader reader = log.reader(options, false)) {
            // a record is a line here: none is longer than a record may be
            reader.copyTo((_, bytes, offset, length) -> {
                String line = new String(bytes, offset, length, StandardCharsets.UTF_8);
                assertThat(line).endsWith("\n");
                lines.line(line.stripTrailing());
            });
        }
    }
}
