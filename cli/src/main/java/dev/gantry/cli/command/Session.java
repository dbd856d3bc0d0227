package dev.gantry.cli.command;

import dev.gantry.cli.engine.Engine;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/// What a command works with: the streams, the environment and the daemon.
///
/// @param input standard input, unbuffered
/// @param output standard output, unbuffered: a write that fails throws
/// @param out standard output for lines; flushed when the command ends
/// @param err standard error, flushed with every line
/// @param configuration the directory of the client's configuration
/// @param debug whether `--debug` was given
public record Session(
        InputStream input,
        OutputStream output,
        PrintStream out,
        PrintStream err,
        Map<String, String> environment,
        Path configuration,
        Engine engine,
        boolean debug) {}
