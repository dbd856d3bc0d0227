package dev.gantry.engine.root;

import dev.gantry.engine.EngineOptions.UserRemapping;
import dev.gantry.kernel.FileStatus;
import dev.gantry.kernel.FileType;
import dev.gantry.kernel.OwnThread;
import dev.gantry.kernel.SafeDirectory;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The files that Docker's `initlayer` has between an image and the changes of a container: by `/.dockerenv` programs
/// know that they are in a container, in `/etc/mtab` they look for mounts, and on the empty ones the files that tell it
/// names are mounted, also where a read-only volume is `/etc`.
///
/// They lie in the container's own changes, of which they are none.
public final class InitLayer {
    private static final int FILE_MODE = 0755;
    private static final int DIRECTORY_MODE = 0755;
    private static final String MTAB = "/etc/mtab";
    private static final String MOUNTS = "/proc/mounts";
    private static final List<String> EMPTY = List.of("/.dockerenv", "/etc/hostname", "/etc/hosts", "/etc/resolv.conf");

    private InitLayer() {}

    /// Makes those that the image does not have. Where its `/etc` is no directory, nothing is made in that.
    ///
    /// @param remapping of the root's files; null without
    public static void make(SafeDirectory root, @Nullable UserRemapping remapping) throws IOException {
        if (remapping == null) {
            make(root);
        } else {
            SafeDirectory _ = OwnThread.<SafeDirectory, IOException>as(remapping.rootUid(), remapping.rootGid(), () -> {
                make(root);
                return root;
            });
        }
    }

    private static void make(SafeDirectory root) throws IOException {
        boolean hasEtc = isDirectory(root);
        for (String path : EMPTY) {
            if ((hasEtc || !path.startsWith("/etc/")) && isMissing(root, path)) {
                root.createFile(path, FILE_MODE).close();
            }
        }
        if (hasEtc && isMissing(root, MTAB)) {
            root.createSymlink(MOUNTS, MTAB);
        }
    }

    /// How much of the content of a container's changes is that of these files, in bytes.
    public static long content(SafeDirectory upper) throws IOException {
        Optional<FileStatus> link = upper.findStatusNoFollow(MTAB);
        boolean made = link.isPresent()
                && link.get().type() == FileType.SYMLINK
                && upper.readSymlink(MTAB).equals(MOUNTS);
        return made ? link.get().size() : 0;
    }

    private static boolean isDirectory(SafeDirectory root) throws IOException {
        if (isMissing(root, "/etc")) {
            root.createDirectory("/etc", DIRECTORY_MODE);
        }
        Optional<FileStatus> etc = root.findStatus("/etc");
        return etc.isPresent() && etc.get().type() == FileType.DIRECTORY;
    }

    private static boolean isMissing(SafeDirectory root, String path) throws IOException {
        return root.findStatusNoFollow(path).isEmpty();
    }
}
