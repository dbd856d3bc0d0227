package dev.gantry.engine.conformance;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Programs of the host.
final class Commands {
    private Commands() {}

    /// Runs a program to its end and returns its output.
    static String run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = exitCode(process, command[0]);
        if (code != 0) {
            throw new IOException(List.of(command) + ": exit code " + code + ": " + output);
        }
        return output;
    }

    private static int exitCode(Process process, String name) throws InterruptedIOException {
        try {
            return process.waitFor();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for " + name);
        }
    }
}
