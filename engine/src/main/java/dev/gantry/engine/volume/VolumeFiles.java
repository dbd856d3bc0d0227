package dev.gantry.engine.volume;

import dev.gantry.kernel.HostFiles;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.oci.Json;
import dev.gantry.store.Durable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/// The volumes on the disk. What lies in them is the containers' work: only descriptors beneath are followed.
final class VolumeFiles {
    /// What containers see of a volume, below its directory.
    static final String DATA = "_data";

    private static final System.Logger LOGGER = System.getLogger(VolumeFiles.class.getName());
    private static final String RECORD = "volume.json";

    private final Path root;
    private final Owner owner;
    private final Unfinished unfinished = new Unfinished();

    /// Who owns a new volume: root, as containers know it.
    record Owner(long uid, long gid) {}

    /// Fills a new volume's directory.
    @FunctionalInterface
    interface Filling {
        Filling NONE = (_, _) -> {};

        /// Fills it.
        ///
        /// @param data the directory's path below `parent`
        void fill(SafeDirectory parent, String data) throws IOException;
    }

    /// Makes the directory if it is missing, and deletes what was never finished.
    VolumeFiles(Path root, Owner owner) throws IOException {
        this.root = root;
        this.owner = owner;
        Files.createDirectories(
                root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x---")));
        try (SafeDirectory all = SafeDirectory.open(root)) {
            removeUnfinished(all, "");
        }
    }

    private static void removeUnfinished(SafeDirectory directory, String below) throws IOException {
        for (String name : directory.list(below.isEmpty() ? "/" : below)) {
            if (Unfinished.isUnfinished(name)) {
                directory.removeTree(below + name);
            }
        }
    }

    /// Every volume that can be read.
    List<VolumeRecord> read() throws IOException {
        var records = new ArrayList<VolumeRecord>();
        try (SafeDirectory all = SafeDirectory.open(root)) {
            for (String name : all.list("/")) {
                try {
                    removeUnfinished(all, name + "/");
                    records.add(read(name));
                } catch (IOException e) {
                    LOGGER.log(
                            Level.ERROR, "volume in " + directory(name) + " is left alone, for it cannot be read", e);
                }
            }
        }
        return records;
    }

    /// What is recorded of a volume.
    VolumeRecord read(String name) throws IOException {
        Path file = directory(name).resolve(RECORD);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(RECORD + " is missing");
        }
        VolumeRecord read = Json.read(Files.readAllBytes(file), VolumeRecord.class);
        if (!name.equals(read.name()) || !VolumeNames.isValid(name)) {
            throw new IOException("its record is that of volume " + read.name());
        }
        return read;
    }

    /// Makes what is missing of a volume, and records it. Content stays as it is.
    void restore(VolumeRecord volume) throws IOException {
        String name = volume.name();
        try (SafeDirectory all = SafeDirectory.open(root)) {
            if (all.findStatusNoFollow(name).isEmpty()) {
                all.createDirectory(name, 0710);
                Durable.syncDirectory(root);
            }
            if (all.findStatusNoFollow(name + "/" + DATA).isEmpty()) {
                fill(all, name + "/" + DATA, Filling.NONE);
            }
        }
        record(volume, directory(name));
    }

    private static void record(VolumeRecord volume, Path directory) throws IOException {
        Durable.replace(directory.resolve(RECORD), directory.resolve(".new"), Json.write(volume));
    }

    /// What there is, below the directory of all volumes or below that of one, by name.
    List<String> list(String below) throws IOException {
        try (SafeDirectory all = SafeDirectory.open(root)) {
            return all.list(below.isEmpty() ? "/" : below).stream().sorted().toList();
        }
    }

    Unfinished unfinished() {
        return unfinished;
    }

    Path directory(String name) {
        return root.resolve(name);
    }

    Path data(String name) {
        return directory(name).resolve(DATA);
    }

    /// Makes a volume, which is not there yet: see [#place].
    ///
    /// @return what it is called for now
    String make(VolumeRecord volume, Filling filling) throws IOException {
        String making = unfinished.begin("");
        boolean made = false;
        try (SafeDirectory all = SafeDirectory.open(root)) {
            all.createDirectory(making, 0710);
            fill(all, making + "/" + DATA, filling);
            record(volume, directory(making));
            made = true;
            return making;
        } finally {
            if (!made) {
                discard(making);
            }
        }
    }

    private void fill(SafeDirectory all, String data, Filling filling) throws IOException {
        all.createDirectory(data, 0755);
        all.chown(data, owner.uid(), owner.gid());
        fill(all, data, filling, root);
    }

    /// What is filled is not filled again: a power cut must not leave empty files.
    private static void fill(SafeDirectory parent, String data, Filling filling, Path where) throws IOException {
        filling.fill(parent, data);
        if (!parent.list(data).isEmpty()) {
            HostFiles.syncFileSystem(where);
        }
    }

    /// Fills what is there.
    void fill(Path directory, Filling filling) throws IOException {
        Path real = directory.toRealPath(); // the mount follows symlinks, too
        Path parent = real.getParent();
        if (parent == null) {
            throw new IOException(directory + " cannot be filled");
        }
        try (SafeDirectory opened = SafeDirectory.open(parent)) {
            fill(opened, String.valueOf(real.getFileName()), filling, real);
        }
    }

    static boolean isEmpty(Path directory) throws IOException {
        try (SafeDirectory opened = SafeDirectory.open(directory)) {
            return opened.list("/").isEmpty();
        }
    }

    /// What [#make] has made becomes the volume.
    void place(String made, String name) throws IOException {
        try (SafeDirectory all = SafeDirectory.open(root)) {
            all.rename(made, name);
        }
        unfinished.end(made);
        Durable.syncDirectory(root);
    }

    void discard(String rubbish) throws IOException {
        try (SafeDirectory all = SafeDirectory.open(root)) {
            all.removeTree(rubbish);
        } finally {
            unfinished.end(rubbish);
        }
    }

    /// Takes a volume away; it is gone when this returns, also for a later engine.
    ///
    /// @return what is to be discarded, which may take long
    String remove(String name) throws IOException {
        String rubbish = unfinished.begin("");
        try (SafeDirectory all = SafeDirectory.open(root)) {
            all.rename(name, rubbish);
        }
        Durable.syncDirectory(root);
        return rubbish;
    }

    /// Makes content for a volume that is there and has none: see [#exchange].
    ///
    /// @return where it is for now
    String stage(String name, Filling filling) throws IOException {
        String staged = unfinished.begin(name + "/");
        boolean made = false;
        try (SafeDirectory all = SafeDirectory.open(root)) {
            fill(all, staged, filling);
            made = true;
            return staged;
        } finally {
            if (!made) {
                discard(staged);
            }
        }
    }

    /// What [#stage] has made becomes a directory of the volume; the kernel refuses unless that has no content.
    void exchange(String staged, String name, String directory) throws IOException {
        try (SafeDirectory all = SafeDirectory.open(root)) {
            all.rename(staged, name + "/" + directory);
        }
        Durable.syncDirectory(directory(name));
    }
}
