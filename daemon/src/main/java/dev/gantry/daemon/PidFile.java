package dev.gantry.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The file that says which process the daemon is. One that a dead daemon left is overwritten.
record PidFile(Path path) implements AutoCloseable {
    /// Writes this process's PID.
    ///
    /// @throws UsageException when the file names a daemon that lives
    static PidFile write(Path path) throws UsageException, IOException {
        if (Files.exists(path)) {
            Optional<ProcessHandle> owner = owner(Files.readString(path).strip());
            if (owner.isPresent()) {
                throw new UsageException("process with PID " + owner.get().pid() + " is still running, as " + path
                        + " says: end it, or remove the file");
            }
        }
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.writeString(path, Long.toString(ProcessHandle.current().pid()));
        return new PidFile(path);
    }

    /// The living process of that number, unless it is this one or no Java program (numbers are used again).
    private static Optional<ProcessHandle> owner(String text) {
        try {
            return ProcessHandle.of(Long.parseLong(text))
                    .filter(ProcessHandle::isAlive)
                    .filter(process -> process.pid() != ProcessHandle.current().pid())
                    .filter(process ->
                            process.info().command().filter(PidFile::isJava).isPresent());
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    private static boolean isJava(String command) {
        return command.endsWith("/java");
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path);
    }
}
