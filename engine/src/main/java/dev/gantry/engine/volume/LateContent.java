package dev.gantry.engine.volume;

import dev.gantry.kernel.FileStatus;
import dev.gantry.kernel.HostFiles;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.kernel.tree.TreeCopy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Content for a volume that has none, and whose directory stays, for others see it.
///
/// It lies whole beside what they see, as `filling`, before any of it comes there and until all of it is there:
/// whoever finds it goes on with it. What containers have put into the volume meanwhile stays as it is.
final class LateContent {
    private static final String FILLING = "filling";
    /// In a directory of the host's, which may be on another file system: what has come there, but for its names.
    private static final String ARRIVING = ".gantry-filling";

    private final VolumeFiles files;

    LateContent(VolumeFiles files) {
        this.files = files;
    }

    /// Whether content is on its way into the volume, or was when an engine was killed.
    boolean isPending(String name) {
        return Files.exists(files.directory(name).resolve(FILLING));
    }

    /// Brings in what [VolumeFiles#stage] has made. If this fails before any of it is there, none will be.
    void bring(String staged, String name, Path source) throws IOException {
        boolean settled = false;
        try {
            files.exchange(staged, name, FILLING);
            settle(name, source);
            settled = true;
        } finally {
            if (!settled && isPending(name) && VolumeFiles.isEmpty(source)) {
                discard(name);
            }
        }
    }

    /// Goes on with what was begun, if anything was.
    void settle(String name, Path source) throws IOException {
        try (SafeDirectory volume = SafeDirectory.open(files.directory(name))) {
            Optional<FileStatus> filling = volume.findStatusNoFollow(FILLING);
            if (filling.isEmpty()) {
                return;
            }
            if (source.equals(files.data(name))) {
                move(volume, FILLING, VolumeFiles.DATA);
            } else {
                copy(volume, source);
            }
            FileStatus status = filling.get();
            files.fill(source, (parent, data) -> {
                parent.chown(data, status.uid(), status.gid());
                parent.chmod(data, status.mode());
            });
        }
        discard(name);
    }

    /// At once: what is left of it must not come back to containers that have removed it.
    private void discard(String name) throws IOException {
        String rubbish = files.unfinished().begin(name + "/");
        files.exchange(name + "/" + FILLING, name, rubbish.substring(name.length() + 1));
        files.discard(rubbish);
    }

    private static void copy(SafeDirectory volume, Path source) throws IOException {
        try (SafeDirectory there = SafeDirectory.open(source)) {
            there.removeTree(ARRIVING);
            try {
                there.createDirectory(ARRIVING, 0700);
                try (SafeDirectory from = volume.openDirectory(FILLING);
                        SafeDirectory to = there.openDirectory(ARRIVING)) {
                    new TreeCopy(from, to).run();
                }
                HostFiles.syncFileSystem(source);
                move(there, ARRIVING, "");
            } finally {
                there.removeTree(ARRIVING);
            }
        }
    }

    private static void move(SafeDirectory parent, String from, String to) throws IOException {
        for (String name : parent.list(from)) {
            String target = to + "/" + name;
            if (parent.findStatusNoFollow(target).isEmpty()) {
                parent.rename(from + "/" + name, target);
            }
        }
    }
}
