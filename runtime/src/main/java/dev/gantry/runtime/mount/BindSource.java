package dev.gantry.runtime.mount;

import dev.gantry.kernel.FileStatus;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.Mounts;
import dev.gantry.kernel.OwnedFd;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.oci.runtime.Mount;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a bind mount shows: a path of the host, or, as `/proc/PID/root/path`, one in the root of another process, in
/// whose mount namespace it is looked up without ever leaving that root.
public final class BindSource {
    private static final Pattern OF_PROCESS = Pattern.compile("(/proc/[1-9][0-9]*)/root(/.*)");

    private final Path path;
    private final boolean recursive;

    private BindSource(Path path, boolean recursive) {
        this.path = path;
        this.recursive = recursive;
    }

    /// The source of a mount; empty if it is no bind mount.
    public static Optional<BindSource> of(Mount mount) {
        return mount.isBind()
                ? Optional.of(new BindSource(
                        Path.of(mount.source() == null ? "" : mount.source()),
                        mount.options().contains("rbind")))
                : Optional.empty();
    }

    /// Where it is on the host.
    public Path path() {
        return path;
    }

    /// Whether the mounts below it come too.
    public boolean isRecursive() {
        return recursive;
    }

    /// Whether it is a directory.
    ///
    /// @param ofHost judges paths of the host
    public boolean isDirectory(Predicate<Path> ofHost) throws KernelException {
        Matcher process = OF_PROCESS.matcher(path.toString());
        if (!process.matches()) {
            return ofHost.test(path);
        }
        try (SafeDirectory root = SafeDirectory.open(Path.of(process.group(1), "root"))) {
            return root.findStatus(process.group(2))
                    .map(FileStatus::isDirectory)
                    .orElse(false);
        }
    }

    /// A detached copy of it.
    public OwnedFd open() throws KernelException {
        Matcher process = OF_PROCESS.matcher(path.toString());
        return process.matches()
                ? Mounts.openTreeOf(Path.of(process.group(1)), process.group(2), recursive)
                : Mounts.openTree(path, recursive);
    }
}
