package dev.gantry.engine.user;

import dev.gantry.engine.EngineException.Failed;
import dev.gantry.kernel.Errno;
import dev.gantry.kernel.FileStatus;
import dev.gantry.kernel.FileType;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.SafeDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The account files of a container's root, each read once.
final class AccountFiles {
    /// Far above any real file; a group file without limit cost an engine its memory (GO-2026-5475).
    static final int LIMIT = 10 << 20;

    private static final Pattern LINE_END = Pattern.compile("\n");

    private final SafeDirectory root;
    private final Map<String, String> contents = new HashMap<>();

    AccountFiles(SafeDirectory root) {
        this.root = root;
    }

    /// The entries in the file's order; none if there is no such file.
    Stream<Account> accounts() {
        return lines("/etc/passwd").flatMap(Account::of);
    }

    /// The entries in the file's order; none if there is no such file.
    Stream<Group> groups() {
        return lines("/etc/group").flatMap(Group::of);
    }

    private Stream<String> lines(String path) {
        return LINE_END.splitAsStream(contents.computeIfAbsent(path, this::content))
                .map(String::strip)
                .filter(line -> !line.startsWith("#"));
    }

    private String content(String path) {
        try {
            return read(path);
        } catch (KernelException e) {
            if (e.errno().equals(Errno.ENOENT) || e.errno().equals(Errno.ENOTDIR)) {
                return "";
            }
            throw new Failed(path + " of the container: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new Failed(path + " of the container: " + e.getMessage(), e);
        }
    }

    private String read(String path) throws IOException {
        Optional<FileStatus> status = root.findStatus(path);
        if (status.isEmpty()) {
            return "";
        }
        if (status.get().type() == FileType.REGULAR && status.get().size() > LIMIT) {
            throw new Failed("%s of the container has %d bytes, limit %d"
                    .formatted(path, status.get().size(), LIMIT));
        }
        return new String(root.readFile(path, LIMIT), StandardCharsets.UTF_8);
    }
}
