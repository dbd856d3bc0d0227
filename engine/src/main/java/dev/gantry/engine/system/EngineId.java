package dev.gantry.engine.system;

import dev.gantry.engine.EngineException.Failed;
import dev.gantry.store.space.FullDisk;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;

/// The engine's ID: made with its data root, and the same ever after.
public final class EngineId {
    private static final String FILE = "engine-id";

    private static final System.Logger LOGGER = System.getLogger(EngineId.class.getName());

    private EngineId() {}

    /// The ID of the engine with that data root.
    ///
    /// @throws Failed if the file can be neither read nor written
    public static String of(Path dataRoot) {
        Path file = dataRoot.resolve(FILE);
        try {
            return readOrMake(file);
        } catch (IOException e) {
            throw new Failed(
                    "engine ID " + file + ": " + FullDisk.explained(e, dataRoot).getMessage(), e);
        }
    }

    private static String readOrMake(Path file) throws IOException {
        try {
            return UUID.fromString(Files.readString(file).strip()).toString();
        } catch (NoSuchFileException _) {
            return make(file);
        } catch (IllegalArgumentException e) {
            LOGGER.log(System.Logger.Level.WARNING, "{0} is replaced: {1}", file, e.getMessage());
            return make(file);
        }
    }

    private static String make(Path file) throws IOException {
        String id = UUID.randomUUID().toString();
        Path temporary = file.resolveSibling(FILE + ".new");
        Files.deleteIfExists(temporary);
        Path _ = Files.createFile(
                temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(
                temporary, id.getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE, StandardOpenOption.SYNC);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
        return id;
    }
}
