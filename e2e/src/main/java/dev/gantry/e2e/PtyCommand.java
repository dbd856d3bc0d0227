package dev.gantry.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// A command on a pseudo-terminal of its own, as in a person's terminal window. A small Python program holds the master
/// side;
/// standard output and standard error arrive as one.
public final class PtyCommand implements AutoCloseable {
    private static final String SCRIPT = "terminal.py";

    private final Path script;
    private final Command command;
    private final OutputStream control;

    private PtyCommand(Path script, Command command) {
        this.script = script;
        this.command = command;
        this.control = command.stdin();
    }

    /// Starts `words` on a terminal of 24 rows and 80 columns.
    public static PtyCommand start(List<String> words, Map<String, String> environment) throws IOException {
        Path script = Files.createTempFile("terminal", ".py");
        try (InputStream source = PtyCommand.class.getResourceAsStream(SCRIPT)) {
            if (source == null) {
                throw new IllegalStateException("no resource " + SCRIPT);
            }
            Files.write(script, source.readAllBytes());
        }
        List<String> all = new ArrayList<>(List.of("/usr/bin/python3", script.toString()));
        all.addAll(words);
        return new PtyCommand(script, Command.start(all, environment));
    }

    /// Types text.
    public void type(String text) throws IOException {
        send("type " + HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8)));
    }

    /// Changes the window's size; the foreground process gets SIGWINCH.
    public void resize(int rows, int columns) throws IOException {
        send("resize " + rows + " " + columns);
    }

    private void send(String line) throws IOException {
        control.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        control.flush();
    }

    /// Waits until the screen has shown `text`.
    public void awaitOutput(String text) {
        command.awaitOutput(text);
    }

    /// Everything shown so far.
    public String shown() {
        return command.outSoFar();
    }

    /// Waits for the command's end.
    public Result await() {
        return command.await();
    }

    @Override
    public void close() throws IOException {
        command.close();
        Files.deleteIfExists(script);
    }
}
