package dev.gantry.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gantry.kernel.Errno;
import dev.gantry.kernel.FileStatus;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.kernel.tree.TreeUsage;
import dev.gantry.oci.Digest;
import dev.gantry.oci.Json;
import dev.gantry.oci.MalformedException;
import dev.gantry.store.space.FullDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Unpacked layers: `<diff id's hex>/fs` and `layer.json` beside it. A directory is renamed into place when it is
/// complete and synced, and renamed away before it is deleted, so what is there is whole.
final class Layers {
    private static final String TREE = "fs";
    private static final String STAMP = "layer.json";
    private static final String ALLOCATED = "allocated";

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}\n");

    private final Path directory;
    private final TemporaryFiles temporary;

    /// What `layer.json` says.
    record Stamp(
            @JsonProperty("diffId") Digest diffId,
            @JsonProperty("size") long size) {}

    Layers(Path directory, TemporaryFiles temporary) throws IOException {
        this.directory = directory;
        this.temporary = temporary;
        Durable.directory(directory, "rwx------");
    }

    /// Where the tree of a layer in the making lies.
    static Path tree(Path layer) {
        return layer.resolve(TREE);
    }

    private Path path(Digest diffId) {
        return directory.resolve(diffId.hex());
    }

    /// Empty if the layer is not unpacked.
    Optional<Layer> find(Digest diffId) throws IOException {
        try {
            Stamp found = Json.read(Files.readAllBytes(path(diffId).resolve(STAMP)), Stamp.class);
            if (!diffId.equals(found.diffId)) {
                throw new MalformedException("layer %s is recorded as %s".formatted(diffId, found.diffId));
            }
            return Optional.of(new Layer(diffId, tree(path(diffId)), found.size));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    /// Writes the record of a complete tree in the making.
    static void complete(Path layer, Digest diffId, long size) throws IOException {
        Durable.write(layer.resolve(STAMP), Json.write(new Stamp(diffId, size)));
    }

    /// Takes over a complete, synced layer; discards it if the layer is there already.
    Layer adopt(Path layer, Digest diffId) throws IOException {
        Optional<Layer> present = find(diffId);
        if (present.isEmpty()) {
            Files.move(layer, path(diffId), StandardCopyOption.ATOMIC_MOVE);
            Durable.syncDirectory(directory);
        }
        return find(diffId).orElseThrow(() -> new IOException("layer %s vanished".formatted(diffId)));
    }

    /// What has a digest for its name, whole or not.
    List<Digest> list() throws IOException {
        List<Digest> diffIds = new ArrayList<>();
        for (Path each : entries()) {
            digest(each).ifPresent(diffIds::add);
        }
        return diffIds;
    }

    /// What has not.
    List<Path> strangers() throws IOException {
        return entries().stream().filter(each -> digest(each).isEmpty()).toList();
    }

    private List<Path> entries() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.toList();
        }
    }

    private static Optional<Digest> digest(Path layer) {
        String hex = String.valueOf(layer.getFileName());
        for (Digest.Algorithm each : Digest.Algorithm.values()) {
            try {
                return Optional.of(new Digest(each, hex));
            } catch (IllegalArgumentException _) {
                // not of this algorithm
            }
        }
        return Optional.empty();
    }

    /// Why a layer cannot be used, without a look at its tree's content; empty if it can.
    String problem(Digest diffId) {
        try {
            if (!Files.isDirectory(path(diffId))) {
                return "its directory is missing";
            }
            if (find(diffId).isEmpty()) {
                return "its record is missing";
            }
            return Files.isDirectory(tree(path(diffId))) ? "" : "its tree is missing";
        } catch (IOException e) {
            return "its record cannot be read: " + e.getMessage();
        }
    }

    /// The bytes of its files, as far as they are recorded.
    long size(Digest diffId) {
        try {
            return find(diffId).map(Layer::size).orElse(0L);
        } catch (IOException _) {
            return 0;
        }
    }

    /// What the layer takes on the disk. Its tree is walked once and the result kept beside it; a file that a crash has
    /// cut short has no line feed at its end, and is written again.
    long allocated(Digest diffId) throws IOException {
        try (SafeDirectory layer = SafeDirectory.open(path(diffId))) {
            if (layer.findStatus(TREE).isEmpty()) {
                return TreeUsage.of(layer).allocated();
            }
            OptionalLong recorded = recorded(layer);
            long allocated = recorded.isPresent() ? recorded.getAsLong() : measured(layer);
            long others = FileStatus.of(layer.descriptor()).allocated();
            for (String name : layer.list("/")) {
                others += name.equals(TREE) ? 0 : layer.entry(name).allocated();
            }
            return allocated + others;
        } catch (KernelException e) {
            if (e.errno().equals(Errno.ENOENT)) {
                return 0; // it was deleted meanwhile
            }
            throw e;
        }
    }

    private static long measured(SafeDirectory layer) throws IOException {
        long allocated;
        try (SafeDirectory tree = layer.openDirectory(TREE)) {
            allocated = TreeUsage.of(tree).allocated();
        }
        try {
            layer.writeFile(ALLOCATED, (allocated + "\n").getBytes(StandardCharsets.US_ASCII), 0600);
        } catch (IOException e) {
            if (!FullDisk.isReasonOf(e)) {
                throw e;
            }
            // it is measured again
        }
        return allocated;
    }

    private static OptionalLong recorded(SafeDirectory layer) throws IOException {
        if (layer.findStatusNoFollow(ALLOCATED).isEmpty()) {
            return OptionalLong.empty();
        }
        String text = new String(layer.readFile(ALLOCATED, Long.BYTES * 3), StandardCharsets.US_ASCII);
        return NUMBER.matcher(text).matches() ? OptionalLong.of(Long.parseLong(text.strip())) : OptionalLong.empty();
    }

    boolean isPresent(Digest diffId) {
        return Files.exists(path(diffId), LinkOption.NOFOLLOW_LINKS);
    }

    /// Renames a layer away, to a place from which [TemporaryFiles#delete] frees it.
    Path discard(Digest diffId) throws IOException {
        Path rubbish = temporary.rubbish();
        Files.move(path(diffId), rubbish, StandardCopyOption.ATOMIC_MOVE);
        return rubbish;
    }
}
