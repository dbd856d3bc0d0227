package dev.gantry.cli.files;

import dev.gantry.cli.command.CommandException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/// Files of whoever runs the command.
final class LocalFiles {
    private static final int MOST_LINKS = 10;
    private static final int TYPE = 0170000;
    private static final int DIRECTORY = 0040000;
    private static final int REGULAR = 0100000;
    private static final int BLOCK_DEVICE = 0060000;
    private static final int CHARACTER_DEVICE = 0020000;

    private LocalFiles() {}

    /// Absolute and cleaned, with what its end says.
    static String absolute(String path) {
        String absolute = path.startsWith("/") ? path : Path.of("").toAbsolutePath() + "/" + path;
        return PathEnd.cleanWithEnd(absolute);
    }

    static Map<String, Object> attributes(Path path) throws IOException {
        try {
            return Files.readAttributes(path, "unix:*", LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            throw new CommandException("lstat " + path + ": no such file or directory");
        } catch (FileSystemException e) {
            throw new CommandException("lstat " + path + ": " + e.getReason());
        }
    }

    /// Where a copy to a path goes: the links at its end are followed, also one that leads to nothing yet.
    static CopyTarget.Place destination(String asked) throws IOException {
        String path = asked;
        int links = 0;
        while (Files.isSymbolicLink(Path.of(path))) {
            if (++links > MOST_LINKS) {
                throw new CommandException("too many symlinks in " + asked);
            }
            path = PathEnd.beside(path, Files.readSymbolicLink(Path.of(path)).toString());
        }
        Path place = Path.of(path);
        if (Files.exists(place)) {
            return new CopyTarget.Place(path, true, Files.isDirectory(place));
        }
        Path parent = Path.of(PathEnd.directory(path));
        if (!Files.exists(parent)) {
            throw new CommandException("stat " + parent + ": no such file or directory");
        }
        if (!Files.isDirectory(parent)) {
            throw new CommandException("not a directory");
        }
        return new CopyTarget.Place(path, false, false);
    }

    /// Refuses what nothing can be written to.
    static void requireOutput(String path) throws IOException {
        Path directory = Path.of(PathEnd.directory(path));
        if (!Files.exists(directory)) {
            throw new CommandException("invalid output path: directory \"" + directory + "\" does not exist");
        }
        Path file = Path.of(path);
        if (Files.exists(file)) {
            int type = (int) Files.getAttribute(file, "unix:mode") & TYPE;
            if (type == BLOCK_DEVICE || type == CHARACTER_DEVICE) {
                throw new CommandException(
                        "invalid output path: \"" + path + "\" must be a directory or a regular file: got a device");
            }
        }
    }

    static boolean isDirectory(Map<String, Object> attributes) {
        return ((int) attributes.getOrDefault("mode", 0) & TYPE) == DIRECTORY;
    }

    static boolean isRegular(Map<String, Object> attributes) {
        return ((int) attributes.getOrDefault("mode", 0) & TYPE) == REGULAR;
    }
}
