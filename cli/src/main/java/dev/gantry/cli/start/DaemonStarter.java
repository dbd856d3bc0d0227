package dev.gantry.cli.start;

import dev.gantry.cli.engine.Engine;
import dev.gantry.cli.http.Endpoint;
import dev.gantry.cli.http.HttpConnection;
import dev.gantry.cli.http.HttpRequest;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Starts a daemon at its usual place where none answers, in a session of its own and with its own log, and waits
/// until it does, as long as it lives: taking back what ran before may take a while, and so does a busy machine. Of
/// several
/// commands at once, one starts it and the others wait.
public final class DaemonStarter implements Engine.Starter {
    private static final Duration USUAL = Duration.ofSeconds(60);
    private static final int PAUSE_MILLISECONDS = 20;
    private static final int SHOWN_LINES = 5;

    private final String launcher;
    private final DaemonPlace place;
    private final boolean root;
    private final PrintStream err;
    private final Duration usual;

    /// A starter that runs that launcher script; without one it starts nothing.
    public DaemonStarter(String launcher, DaemonPlace place, boolean root, PrintStream err) {
        this(launcher, place, root, err, USUAL);
    }

    /// @param usual what takes longer, users are told of
    DaemonStarter(String launcher, DaemonPlace place, boolean root, PrintStream err, Duration usual) {
        this.launcher = launcher;
        this.place = place;
        this.root = root;
        this.err = err;
        this.usual = usual;
    }

    @Override
    public boolean start(Endpoint endpoint, IOException cause) throws IOException {
        boolean usual = endpoint instanceof Endpoint.Unix(var path) && path.equals(place.socket());
        if (!usual || launcher.isEmpty() || String.valueOf(cause.getMessage()).startsWith("Permission denied")) {
            return false;
        }
        if (!root) {
            throw new IOException("no gantry daemon runs, and starting one needs root: run 'sudo gantry daemon', or set"
                    + " GANTRY_HOST to a daemon that you may use");
        }
        Files.createDirectories(place.socket().resolveSibling("."));
        Files.createDirectories(place.log().resolveSibling("."));
        Path lockFile = place.socket().resolveSibling("start.lock");
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = channel.lock()) {
            if (!answers(endpoint)) {
                launch(endpoint);
            }
        }
        return true;
    }

    private void launch(Endpoint endpoint) throws IOException {
        err.println("gantry: no daemon is running, starting one (log: " + place.log() + ")");
        File log = place.log().toFile();
        var words = new ArrayList<>(List.of("setsid", launcher, "daemon"));
        words.addAll(place.flags());
        // setsid: neither ^C in this terminal nor its end may reach the daemon
        Process process = new ProcessBuilder(words)
                .directory(new File("/"))
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .redirectError(ProcessBuilder.Redirect.appendTo(log))
                .start();
        Instant begin = Instant.now();
        boolean told = false;
        while (!answers(endpoint)) {
            if (!process.isAlive()) {
                throw new IOException("the gantry daemon ended with exit code " + process.exitValue()
                        + " while starting; its log " + place.log() + " ends with:\n" + lastLines());
            }
            if (!told && Instant.now().isAfter(begin.plus(usual))) {
                err.println("gantry: the daemon is still starting after " + usual.toSeconds() + " seconds");
                told = true;
            }
            pause();
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(PAUSE_MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the gantry daemon starts", e);
        }
    }

    private static boolean answers(Endpoint endpoint) {
        try (HttpConnection connection = HttpConnection.open(endpoint)) {
            return connection.exchange(HttpRequest.of("HEAD", "/_ping")).status() == 200;
        } catch (IOException _) {
            // not yet
            return false;
        }
    }

    private String lastLines() throws IOException {
        List<String> lines = Files.readAllLines(place.log());
        return String.join("\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
    }
}
