package dev.gantry.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file of lines of 100 bytes, which containers write as fast as they can, so that little of the time is theirs.
record LogLines(Path file, int megabytes) implements AutoCloseable {
    private static final int LINES_OF_A_MEGABYTE = 10_000;
    /// Unless the environment says otherwise.
    private static final String GIGABYTE = "1000";

    /// Writes as many megabytes as `GANTRY_BENCH_LOG_MB` says, 1000 if it says nothing.
    static LogLines make() throws IOException {
        int megabytes = Integer.parseInt(System.getenv().getOrDefault("GANTRY_BENCH_LOG_MB", GIGABYTE));
        Path file = Files.createTempFile("gantry-bench-lines", "");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            for (int i = 0; i < megabytes * LINES_OF_A_MEGABYTE; i++) {
                String line =
                        "%09d is the number of this line, which has nothing in it that a log would have to escape: ab,c%n"
                                .formatted(i);
                out.write(line.getBytes(StandardCharsets.US_ASCII));
            }
        }
        return new LogLines(file, megabytes);
    }

    long bytes() {
        return Files.exists(file) ? file.toFile().length() : 0;
    }

    /// The body of a create request for a container that writes them.
    String container() {
        // the same log for all: json-file that is never rotated, as dockerd's is by default
        return """
                {"Image":"busybox","Cmd":["cat","/lines"],"HostConfig":{"NetworkMode":"none","Binds":["%s:/lines:ro"],
                 "LogConfig":{"Type":"json-file","Config":{"max-size":"100g"}}}}""".formatted(file);
    }

    @Override
    public void close() throws IOException {
        Files.delete(file);
    }
}
