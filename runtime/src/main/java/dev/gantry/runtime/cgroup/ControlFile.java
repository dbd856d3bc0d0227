package dev.gantry.runtime.cgroup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// A file of a cgroup: one value, one write.
final class ControlFile {
    private ControlFile() {}

    /// Writes a value with one write(2), as the kernel wants it.
    ///
    /// @throws IOException names file, value and the kernel's answer
    static void write(Path file, String value) throws IOException {
        write(file, List.of(value));
    }

    /// Writes values one after another, each with one write(2): a list of rules grows that way.
    ///
    /// @throws IOException names file, value and the kernel's answer
    static void write(Path file, List<String> values) throws IOException {
        String current = values.getFirst();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (String value : values) {
                current = value;
                channel.write(ByteBuffer.wrap(value.getBytes(StandardCharsets.US_ASCII)));
            }
        } catch (IOException e) {
            throw new IOException("write %s to %s: %s".formatted(current, file, reason(e)), e);
        }
    }

    static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.US_ASCII).strip();
    }

    private static String reason(IOException e) {
        if (e instanceof FileSystemException problem && problem.getReason() != null) {
            return problem.getReason();
        }
        return String.valueOf(e.getMessage());
    }
}
