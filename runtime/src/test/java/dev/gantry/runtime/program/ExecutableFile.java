package dev.gantry.runtime.program;

import dev.gantry.runtime.program.encode.Assembler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// An assembled program in a directory of its own, to be run by tests. Descriptor 3 is the report, a plain file.
public final class ExecutableFile implements AutoCloseable {
    /// The descriptor that programs of tests report to.
    public static final int REPORT = 3;

    private final Path directory;
    private final Architecture architecture;

    /// How a program ended, what it wrote and what it reported.
    public record Outcome(int code, ByteBuffer output, List<Report> reports) {}

    private ExecutableFile(Path directory, Architecture architecture) {
        this.directory = directory;
        this.architecture = architecture;
    }

    /// Assembles for this machine.
    public static ExecutableFile of(Program program) throws IOException {
        return of(program, Architecture.host());
    }

    /// Assembles for an architecture.
    public static ExecutableFile of(Program program, Architecture architecture) throws IOException {
        Path directory = Files.createTempDirectory("gantry-program-");
        Path file = Files.write(directory.resolve("program"), Assembler.assemble(program, architecture));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new ExecutableFile(directory, architecture);
    }

    /// The directory that the program starts in.
    public Path directory() {
        return directory;
    }

    /// Runs the program to its end.
    ///
    /// @param redirections of the shell that starts it, for further descriptors
    public Outcome run(String redirections) throws IOException, InterruptedException {
        Process process = start(redirections);
        process.getOutputStream().close();
        byte[] output = process.getInputStream().readAllBytes();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the program does not end");
        }
        return new Outcome(process.exitValue(), ByteBuffer.wrap(output).order(ByteOrder.LITTLE_ENDIAN), reports());
    }

    /// Starts the program.
    public Process start(String redirections) throws IOException {
        String emulator = architecture == Architecture.host() ? "" : "qemu-aarch64 ";
        return new ProcessBuilder("bash", "-c", "exec " + emulator + "./program 3>>report " + redirections)
                .directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /// What was reported so far.
    public List<Report> reports() throws IOException {
        Path file = directory.resolve("report");
        ByteBuffer content = ByteBuffer.wrap(Files.exists(file) ? Files.readAllBytes(file) : new byte[0]);
        var reports = new ArrayList<Report>();
        while (content.remaining() >= Report.SIZE) {
            reports.add(Report.read(content));
        }
        return reports;
    }

    /// Waits until the condition holds, half a minute at most.
    public static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain: " + what);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Override
    public void close() throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }
}
