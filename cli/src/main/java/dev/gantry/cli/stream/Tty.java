package dev.gantry.cli.stream;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/// The caller's terminal, if there is one.
///
/// Whether a descriptor is a terminal is read off its link in /proc, which costs nothing; the mode is changed by
/// stty, which POSIX has everywhere, because linking native calls would cost every interactive start more time.
public final class Tty {
    private static final AtomicReference<String> SAVED = new AtomicReference<>("");

    private Tty() {}

    /// Rows and columns.
    public record Size(int rows, int columns) {
        /// Where there is no terminal.
        public static final Size NONE = new Size(0, 0);
    }

    /// Whether standard input (0), output (1) or error (2) is a terminal.
    public static boolean isTerminal(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return target.startsWith("/dev/pts/")
                    || target.equals("/dev/console")
                    || (target.startsWith("/dev/tty") && !target.equals("/dev/tty"))
                    || target.matches("/[0-9]+");
        } catch (IOException _) {
            // a closed descriptor is no terminal
            return false;
        }
    }

    /// The size of the terminal on standard input or output, or nothing.
    public static Size size() {
        if (!isTerminal(0) && !isTerminal(1)) {
            return Size.NONE;
        }
        try {
            String[] words = stty(List.of("size")).split(" ", -1);
            return words.length == 2 ? new Size(Integer.parseInt(words[0]), Integer.parseInt(words[1])) : Size.NONE;
        } catch (IOException | NumberFormatException _) {
            // a terminal whose size nobody knows: the daemon has a default
            return Size.NONE;
        }
    }

    /// Switches the terminal to raw mode until [#restore].
    public static void makeRaw() throws IOException {
        if (SAVED.compareAndSet("", stty(List.of("-g")))) {
            stty(List.of("raw", "-echo"));
        }
    }

    /// Lets the terminal not show what is typed until [#restore], also when a signal ends this program before.
    public static void hideInput() throws IOException {
        if (SAVED.compareAndSet("", stty(List.of("-g")))) {
            Runtime.getRuntime()
                    .addShutdownHook(
                            Thread.ofPlatform().name("restore-terminal").unstarted(Tty::restore));
            stty(List.of("-echo"));
        }
    }

    /// Gives the terminal its former mode back. Idempotent, and without effect where it was never raw.
    public static void restore() {
        String mode = SAVED.getAndSet("");
        if (mode.isEmpty()) {
            return;
        }
        try {
            stty(List.of(mode));
        } catch (IOException _) {
            // the terminal is gone; so is its mode
        }
    }

    private static String stty(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("stty"));
        command.addAll(arguments);
        ProcessBuilder.Redirect terminal = isTerminal(0)
                ? ProcessBuilder.Redirect.INHERIT
                : ProcessBuilder.Redirect.from(Path.of("/dev/tty").toFile());
        Process process = new ProcessBuilder(command)
                .redirectInput(terminal)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            if (process.waitFor() != 0) {
                throw new IOException("stty " + String.join(" ", arguments) + ": exit code " + process.exitValue());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for stty", e);
        }
        return output;
    }
}
