package dev.gantry.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A Docker command line bound to one daemon.
public record Client(ClientKind kind, DaemonUnderTest daemon) {
    /// Runs a command to the end, with nothing on standard input.
    public Result call(String... arguments) throws IOException {
        return Command.run(words(arguments), environment());
    }

    /// Runs a command to the end with `input` on standard input.
    public Result callWithInput(InputStream input, String... arguments) throws IOException {
        return Command.run(words(arguments), environment(), input);
    }

    /// Runs a command to the end with `input` on standard input and standard output going to `sink`.
    public Result pipe(InputStream input, OutputStream sink, String... arguments) throws IOException {
        return Command.run(words(arguments), environment(), input, sink);
    }

    /// Starts a command and leaves it running.
    public Command start(String... arguments) throws IOException {
        return Command.start(words(arguments), environment());
    }

    /// Starts a command under a pseudo-terminal of 24 rows and 80 columns.
    public PtyCommand startOnTerminal(String... arguments) throws IOException {
        return PtyCommand.start(words(arguments), environment());
    }

    /// Runs a bash script in which `$client` is the command line.
    public Result script(String text) throws IOException {
        return Command.run(List.of("bash", "-c", text), scriptEnvironment());
    }

    /// Starts such a script under a pseudo-terminal.
    public PtyCommand scriptOnTerminal(String text) throws IOException {
        return PtyCommand.start(List.of("bash", "-c", text), scriptEnvironment());
    }

    private Map<String, String> scriptEnvironment() {
        Map<String, String> environment = new HashMap<>(environment());
        environment.put("client", kind.program());
        return environment;
    }

    private List<String> words(String... arguments) {
        return Command.words(kind.program(), arguments);
    }

    /// The variables that bind a client to the daemon and keep it from the user's own settings.
    private Map<String, String> environment() {
        Path home = daemon.directory().resolve("home");
        Map<String, String> environment = new HashMap<>(Environment.forGantry());
        environment.put("DOCKER_HOST", "unix://" + daemon.socket());
        environment.put("HOME", home.toString());
        environment.put("DOCKER_CONFIG", home.resolve("docker").toString());
        environment.put("DOCKER_BUILDKIT", "0");
        environment.put("DOCKER_CLI_HINTS", "false");
        environment.put("TERM", "xterm");
        return environment;
    }

    @Override
    public String toString() {
        return kind + " on " + daemon.kind();
    }
}
