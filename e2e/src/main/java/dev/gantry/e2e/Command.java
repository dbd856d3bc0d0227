package dev.gantry.e2e;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A command that runs: its output is collected from the start, it is killed when it takes too long or is closed.
public final class Command implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<String> words;
    private final Process process;
    private final Collector out;
    private final Collector err;

    private Command(List<String> words, Process process, OutputStream sink) {
        this.words = words;
        this.process = process;
        this.out = Collector.of(process.getInputStream(), sink);
        this.err = Collector.of(process.getErrorStream(), new ByteArrayOutputStream());
    }

    /// Starts `words` with exactly the given variables on top of this process's own environment.
    public static Command start(List<String> words, Map<String, String> environment) throws IOException {
        return start(words, environment, new ByteArrayOutputStream());
    }

    /// Starts `words`; standard output goes to `sink`, and is part of the result if that is a [ByteArrayOutputStream].
    private static Command start(List<String> words, Map<String, String> environment, OutputStream sink)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().putAll(environment);
        return new Command(words, builder.start(), sink);
    }

    /// Runs `words` to the end, with nothing on standard input.
    public static Result run(List<String> words, Map<String, String> environment) throws IOException {
        return run(words, environment, new ByteArrayInputStream(new byte[0]));
    }

    /// Runs `words` to the end with `input` on standard input.
    public static Result run(List<String> words, Map<String, String> environment, InputStream input)
            throws IOException {
        return run(words, environment, input, new ByteArrayOutputStream());
    }

    /// Runs `words` to the end with `input` on standard input and standard output going to `sink`.
    public static Result run(List<String> words, Map<String, String> environment, InputStream input, OutputStream sink)
            throws IOException {
        try (Command command = start(words, environment, sink)) {
            Thread.ofVirtual().name("command-input").start(() -> command.feed(input));
            return command.await();
        }
    }

    private void feed(InputStream input) {
        try (OutputStream stdin = process.getOutputStream()) {
            input.transferTo(stdin);
        } catch (IOException _) {
            // the command ended without reading everything: its exit status says the rest
        }
    }

    /// Where its standard input is written; closing it is the end of input.
    public OutputStream stdin() {
        return process.getOutputStream();
    }

    public long pid() {
        return process.pid();
    }

    public boolean running() {
        return process.isAlive();
    }

    /// What it has printed on standard output so far.
    public String outSoFar() {
        return out.text();
    }

    /// What it has printed on standard error so far.
    public String errSoFar() {
        return err.text();
    }

    /// Waits until standard output contains `text`.
    public void awaitOutput(String text) {
        Waiting.until(
                () -> out.text().contains(text),
                () -> "no %s in the output of %s: %s%s"
                        .formatted(text, String.join(" ", words), out.text(), err.text()));
    }

    /// Waits for its end.
    public Result await() {
        return await(PATIENCE);
    }

    /// Waits for its end; a command that takes longer is killed, and that is an error.
    public Result await(Duration usual) {
        Duration patience = Waiting.patience(usual);
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
                throw new IllegalStateException("still running after %s: %s%n%s%s"
                        .formatted(patience, String.join(" ", words), out.text(), err.text()));
            }
            return new Result(words, process.exitValue(), out.all(), err.all());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + String.join(" ", words), e);
        }
    }

    /// Sends a signal by its name, for example `INT`. ([Process#destroy] would close the streams too.)
    public void signal(String name) throws IOException {
        run(List.of("kill", "-s", name, Long.toString(pid())), Map.of());
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /// Reads a stream to its end on a thread of its own.
    private record Collector(OutputStream sink, Thread reader) {
        static Collector of(InputStream stream, OutputStream sink) {
            Thread reader = Thread.ofVirtual().name("command-output").start(() -> {
                try {
                    stream.transferTo(sink);
                } catch (IOException _) {
                    // closed because the command was killed: what came is what counts
                }
            });
            return new Collector(sink, reader);
        }

        String text() {
            return sink instanceof ByteArrayOutputStream bytes ? bytes.toString(StandardCharsets.UTF_8) : "";
        }

        String all() throws InterruptedException {
            reader.join(Duration.ofSeconds(5));
            return text();
        }
    }

    /// The given words after `first`.
    static List<String> words(String first, String... rest) {
        List<String> words = new ArrayList<>(List.of(first));
        words.addAll(List.of(rest));
        return words;
    }
}
