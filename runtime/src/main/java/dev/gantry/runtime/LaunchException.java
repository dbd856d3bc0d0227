package dev.gantry.runtime;

import dev.gantry.kernel.Errno;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A container could not be started, or a process not executed in it.
public final class LaunchException extends IOException {
    private static final long serialVersionUID = 1;

    /// Docker's exit code for everything that is not the command's fault.
    public static final int SETUP = 125;

    /// Docker's exit code for a command that exists and cannot be executed.
    public static final int NOT_EXECUTABLE = 126;

    /// Docker's exit code for a command that does not exist.
    public static final int NOT_FOUND = 127;

    private final String step;
    private final transient @Nullable Errno errno;
    private final int exitCode;

    public LaunchException(String step, String message, @Nullable Errno errno, int exitCode) {
        super(message);
        this.step = step;
        this.errno = errno;
        this.exitCode = exitCode;
    }

    /// What was being done, such as `mount proc on /proc`.
    public String step() {
        return step;
    }

    /// The kernel's answer; null if it was not asked.
    public @Nullable Errno errno() {
        return errno;
    }

    /// 125, 126 or 127, as `docker run` exits.
    public int exitCode() {
        return exitCode;
    }
}
