package dev.gantry.runtime.command;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.oci.runtime.Mount;
import dev.gantry.oci.runtime.Process;
import dev.gantry.oci.runtime.User;
import dev.gantry.runtime.mount.BindSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The variable `HOME` of a process for which nobody has set it: the home of its user by the container's own
/// `/etc/passwd`, or `/`.
public final class HomeVariable {
    private static final String PREFIX = "HOME=";
    private static final Path ACCOUNTS = Path.of("/etc/passwd");
    /// Far above any real file; one without limit cost an engine its memory (GO-2026-5475).
    private static final int LIMIT = 10 << 20;

    private static final String NOWHERE = "/";
    private static final int UID = 2;
    private static final int HOME = 5;
    private static final Set<Errno> ABSENT = Set.of(Errno.ENOENT, Errno.ENOTDIR, Errno.EINVAL);

    private HomeVariable() {}

    /// The process with its home, where it is executed in a container that is there.
    public static Process set(Process process, SafeDirectory root) throws IOException {
        return set(process, root, List.of());
    }

    /// The process with its home.
    ///
    /// @param root the container's, before anything is mounted in it
    /// @param mounts what will be
    public static Process set(Process process, SafeDirectory root, List<Mount> mounts) throws IOException {
        if (process.env().stream().anyMatch(each -> each.startsWith(PREFIX) && !each.equals(PREFIX))) {
            return process;
        }
        List<String> environment = new ArrayList<>(process.env());
        environment.removeIf(PREFIX::equals);
        User user = process.user() == null ? User.ROOT : process.user();
        environment.add(PREFIX + home(accounts(root, mounts), user.uid()));
        return process.withEnv(environment);
    }

    private static String accounts(SafeDirectory root, List<Mount> mounts) throws IOException {
        Optional<Mount> covering = mounts.stream()
                .filter(each -> ACCOUNTS.startsWith(target(each)))
                .reduce((_, last) -> last);
        if (covering.isEmpty()) {
            return content(root, ACCOUNTS.toString());
        }
        Optional<Path> source =
                BindSource.of(covering.get()).map(BindSource::path).filter(Path::isAbsolute);
        return source.isPresent() ? bound(source.get(), target(covering.get())) : "";
    }

    private static String bound(Path source, Path target) throws IOException {
        Path directory = target.equals(ACCOUNTS) ? source.toRealPath().getParent() : source;
        Path file = target.equals(ACCOUNTS) ? source.toRealPath().getFileName() : target.relativize(ACCOUNTS);
        if (directory == null || file == null) {
            return "";
        }
        try (SafeDirectory tree = SafeDirectory.open(directory)) {
            return content(tree, file.toString());
        } catch (KernelException e) {
            return absent(e);
        }
    }

    private static Path target(Mount mount) {
        return Path.of("/").resolve(mount.destination()).normalize();
    }

    private static String content(SafeDirectory directory, String file) throws IOException {
        try {
            return new String(directory.readFile(file, LIMIT), StandardCharsets.UTF_8);
        } catch (KernelException e) {
            return absent(e);
        }
    }

    /// No such file, or one that is none.
    private static String absent(KernelException e) throws KernelException {
        if (ABSENT.contains(e.errno())) {
            return "";
        }
        throw e;
    }

    private static String home(String accounts, long uid) {
        return accounts.lines()
                .map(line -> line.strip().split(":", -1))
                .filter(fields -> fields.length > HOME && fields[UID].equals(Long.toString(uid)))
                .map(fields -> fields[HOME])
                .findFirst()
                .orElse(NOWHERE);
    }
}
