package dev.gantry.cli.configuration;

import dev.gantry.cli.command.CommandException;
import dev.gantry.cli.command.Session;
import dev.gantry.cli.json.JsonReader;
import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.json.JsonWriter;
import dev.gantry.cli.option.Arguments;
import dev.gantry.cli.stream.DetachKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;

/// `config.json` in the directory of the client's configuration, which Docker's own client reads and writes, too. What
/// is in it that nobody here knows stays as it is.
public final class ConfigurationFile {
    private final Path file;

    ConfigurationFile(Path file) {
        this.file = file;
    }

    static ConfigurationFile of(Session session) {
        return new ConfigurationFile(session.configuration().resolve("config.json"));
    }

    /// A setting, or an empty text. A file that cannot be read is reported and counts as empty.
    public static String text(Session session, String name) {
        ConfigurationFile configuration = of(session);
        try {
            return configuration.read().text(name);
        } catch (IOException e) {
            session.err().println("WARNING: Error loading config file: " + e.getMessage());
            return "";
        }
    }

    /// The keys of the flag, else of the configuration, else Docker's.
    public static DetachKeys detachKeys(Session session, Arguments flags) throws CommandException {
        String keys = flags.text("detach-keys");
        try {
            return DetachKeys.parse(keys.isEmpty() ? text(session, "detachKeys") : keys);
        } catch (IllegalArgumentException e) {
            throw new CommandException(String.valueOf(e.getMessage()));
        }
    }

    Path path() {
        return file;
    }

    /// All of it; an empty object if there is no file.
    JsonValue read() throws IOException {
        try {
            return JsonReader.read(Files.readString(file));
        } catch (NoSuchFileException _) {
            return JsonValue.object().build();
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /// Replaces one member. Whoever reads the file meanwhile sees the old or the new content; it is its owner's alone,
    /// because secrets are in it.
    void write(String name, JsonValue value) throws IOException {
        Map<String, JsonValue> members = new LinkedHashMap<>(read().members());
        members.put(name, value);
        byte[] content = JsonWriter.tabbed(new JsonValue.Fields(members)).getBytes(StandardCharsets.UTF_8);
        Path target = target();
        Path directory = target.toAbsolutePath().resolve("..").normalize();
        makeDirectory(directory);
        // for its owner alone from the beginning
        Path temporary = Files.createTempFile(directory, "config.json", "");
        try {
            Files.write(temporary, content);
            keepOwner(target, temporary);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /// Where a link leads to, so that the link stays one.
    private Path target() throws IOException {
        if (!Files.isSymbolicLink(file)) {
            return file;
        }
        return Files.exists(file) ? file.toRealPath() : file.resolveSibling(Files.readSymbolicLink(file));
    }

    private static void makeDirectory(Path directory) throws IOException {
        try {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            throw new IOException("mkdir " + directory + ": not a directory", e);
        }
    }

    /// A file of a user's does not become root's because of a `sudo`.
    private static void keepOwner(Path old, Path replacement) throws IOException {
        if (Files.exists(old) && !Files.getOwner(old).equals(Files.getOwner(replacement))) {
            Files.setAttribute(replacement, "unix:uid", Files.getAttribute(old, "unix:uid"), LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(replacement, "unix:gid", Files.getAttribute(old, "unix:gid"), LinkOption.NOFOLLOW_LINKS);
        }
    }
}
