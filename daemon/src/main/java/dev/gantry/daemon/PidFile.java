package dev.gantry.daemon;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The file that says which process the daemon is, and which that one has locked. One that a dead daemon left is
/// overwritten, whoever has the number in it now.
record PidFile(Path path, FileChannel channel) implements AutoCloseable {
    /// Writes this process's PID.
    ///
    /// @throws UsageException when the file is that of a daemon that lives
    static PidFile write(Path path) throws UsageException, IOException {
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean written = false;
        try {
            if (!isTaken(channel)) {
                throw new UsageException("process with PID "
                        + Files.readString(path).strip() + " is still running, as " + path
                        + " says: end it, or remove the file");
            }
            String pid = Long.toString(ProcessHandle.current().pid());
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)));
            written = true;
            return new PidFile(path, channel);
        } finally {
            if (!written) {
                channel.close();
            }
        }
    }

    private static boolean isTaken(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException _) {
            // by another daemon of this process
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path);
        channel.close();
    }
}
