package dev.gantry.cli.tar;

import dev.gantry.cli.command.CommandException;
import dev.gantry.cli.command.Session;
import dev.gantry.cli.stream.Tty;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/// Where a command puts an archive: standard output, or a file.
public final class ArchiveOutput {
    private static final int STANDARD_OUTPUT = 1;
    private static final int BUFFER = 256 << 10;

    private final @Nullable Path file;

    private ArchiveOutput(@Nullable Path file) {
        this.file = file;
    }

    /// The place that a flag names.
    ///
    /// @param file empty for standard output
    /// @param failure how messages begin, in Docker's words
    /// @throws CommandException if nothing can be written there
    public static ArchiveOutput of(String file, String failure) throws CommandException {
        if (!file.isEmpty()) {
            checkPlace(file, failure);
            return new ArchiveOutput(Path.of(file).toAbsolutePath());
        }
        if (Tty.isTerminal(STANDARD_OUTPUT)) {
            throw new CommandException("cowardly refusing to save to a terminal. Use the -o flag or redirect");
        }
        return new ArchiveOutput(null);
    }

    private static void checkPlace(String file, String failure) throws CommandException {
        Path path = Path.of(file);
        Path parent = path.getParent();
        if (Files.isDirectory(path)) {
            throw new CommandException(failure + ": cannot write to a directory");
        }
        if (parent != null && !Files.isDirectory(parent)) {
            throw new CommandException(failure + ": invalid output path: stat " + parent
                    + (Files.exists(parent) ? ": not a directory" : ": no such file or directory"));
        }
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new CommandException(failure + ": " + file + " is no regular file");
        }
    }

    /// Writes the archive. A file gets its name when it is whole.
    public void write(Session session, InputStream content) throws IOException {
        if (file == null) {
            copy(content, session.output());
        } else {
            copyToFile(content, file);
        }
    }

    private static void copyToFile(InputStream content, Path file) throws IOException {
        Path parent = file.getParent();
        if (parent == null) {
            throw new CommandException(file + " is a directory");
        }
        Path temporary = Files.createTempFile(parent, ".gantry-archive", ".tmp");
        try {
            try (OutputStream out = Files.newOutputStream(temporary)) {
                copy(content, out);
            }
            Path target = Files.exists(file, LinkOption.NOFOLLOW_LINKS) ? file.toRealPath() : file;
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void copy(InputStream content, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
            out.write(buffer, 0, count);
        }
        out.flush();
    }
}
