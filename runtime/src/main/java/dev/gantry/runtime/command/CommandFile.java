package dev.gantry.runtime.command;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.FileStatus;
import dev.gantry.kernel.FileType;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.OpenMode;
import dev.gantry.kernel.OwnedFd;
import dev.gantry.kernel.SafeDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds out what is wrong with a command that execve(2) refused: the error number does not say which file is missing,
/// the command itself, the interpreter in its first line, or the loader of either.
///
/// @param root in which all paths are resolved
/// @param directory where relative paths begin
public record CommandFile(SafeDirectory root, String directory) {
    /// Of a file, what can name its interpreter.
    private static final int HEAD = 64 * 1024;
    /// How many interpreters of interpreters the kernel follows.
    private static final int DEPTH = 5;

    /// What a search comes to.
    public static final Problem NOT_FOUND = new Problem("executable file not found in $PATH", Errno.ENOENT);

    /// What is in the way.
    ///
    /// @param text what follows the command in a message
    public record Problem(String text, Errno errno) {}

    /// The problem of the first of the files that is there; empty if there is nothing to say but the error number. A
    /// search passes over what cannot be executed, as runc's does.
    ///
    /// @param command as it was asked for; without a slash it is searched for
    public Optional<Problem> problem(String command, List<String> candidates, Errno errno) {
        boolean searched = !command.contains("/");
        try {
            for (String candidate : candidates) {
                Optional<FileStatus> status = root.findStatus(resolve(candidate));
                if (status.isPresent() && (!searched || isExecutable(status.get()))) {
                    return Optional.ofNullable(problem(candidate, status.get(), errno));
                }
            }
            return searched ? Optional.of(NOT_FOUND) : Optional.empty();
        } catch (IOException e) {
            // what cannot be read here cannot be explained; the error number is reported in any case
            System.getLogger(CommandFile.class.getName()).log(System.Logger.Level.DEBUG, "looking at " + candidates, e);
        }
        return Optional.empty();
    }

    private static boolean isExecutable(FileStatus file) {
        return !file.isDirectory() && (file.mode() & 0111) != 0;
    }

    /// What an attempt to execute the first of the files that may be executed would end with; null if there is one.
    public @Nullable Errno foreseen(List<String> candidates) throws KernelException {
        Errno result = Errno.ENOENT;
        for (String candidate : candidates) {
            Optional<FileStatus> status = root.findStatus(resolve(candidate));
            if (status.isPresent()) {
                if (isExecutable(status.get())) {
                    return null;
                }
                result = Errno.EACCES;
            }
        }
        return result;
    }

    private @Nullable Problem problem(String command, FileStatus commandStatus, Errno errno) throws IOException {
        if (commandStatus.isDirectory()) {
            return new Problem(Errno.EISDIR.description(), Errno.EISDIR);
        }
        if (errno.equals(Errno.ENOEXEC)) {
            String machine = ExecutableHead.of(head(command)).foreignMachine();
            return machine == null
                    ? null
                    : new Problem(errno.description() + " (it is built for " + machine + ")", errno);
        }
        String file = command;
        for (int i = 0; i < DEPTH; i++) {
            String interpreter = ExecutableHead.of(head(file)).interpreter();
            if (interpreter == null) {
                return null;
            }
            Errno problem = problem(interpreter);
            if (problem != null) {
                return new Problem("interpreter \"" + printable(interpreter) + "\": " + problem.description(), problem);
            }
            file = interpreter;
        }
        return null;
    }

    private @Nullable Errno problem(String interpreter) throws KernelException {
        Optional<FileStatus> status = root.findStatus(resolve(interpreter));
        if (status.isEmpty()) {
            return Errno.ENOENT;
        }
        if (status.get().isDirectory()) {
            return Errno.EISDIR;
        }
        return (status.get().mode() & 0111) == 0 ? Errno.EACCES : null;
    }

    private byte[] head(String path) throws IOException {
        try (OwnedFd file = root.openFile(resolve(path), OpenMode.READ, OpenMode.NON_BLOCKING);
                InputStream in = file.input()) {
            return FileStatus.of(file).type() == FileType.REGULAR ? in.readNBytes(HEAD) : new byte[0];
        }
    }

    private String resolve(String path) {
        return path.startsWith("/") ? path : directory + "/" + path;
    }

    /// A script with the line ends of another system asks for `/bin/sh\r`, which would look right.
    private static String printable(String name) {
        StringBuilder text = new StringBuilder();
        name.codePoints().forEach(each -> {
            if (each == '\r') {
                text.append("\\r");
            } else {
                text.appendCodePoint(Character.isISOControl(each) ? '?' : each);
            }
        });
        return text.toString();
    }
}
