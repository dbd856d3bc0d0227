package dev.gantry.kernel;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A system call that the kernel refused.
///
/// The message names the call, its main argument and the error: `openat2 /etc/passwd: ENOENT (no such file or
/// directory)`.
/// Decide on [#errno()], never on the text.
public final class KernelException extends IOException {

    private static final long serialVersionUID = 1L;

    private final String call;
    private final String subject;
    private final int errno;

    public KernelException(String call, String subject, Errno errno) {
        this(call, subject, errno, null);
    }

    /// @param detail what the kernel said in words, for example the log of a file system context; may be absent
    public KernelException(String call, String subject, Errno errno, @Nullable String detail) {
        super(call + " " + printable(subject) + ": " + errno.symbol() + " ("
                + (detail == null ? errno.description() : detail) + ")");
        this.call = call;
        this.subject = subject;
        this.errno = errno.value();
    }

    /// The system call or library function, for example `mount_setattr`.
    public String call() {
        return call;
    }

    /// What it was called on: a path, a name, or a description of the descriptor.
    public String subject() {
        return subject;
    }

    public Errno errno() {
        return new Errno(errno);
    }

    /// Names come from images and from containers: control characters must not reach a terminal or forge a log line.
    private static String printable(String subject) {
        StringBuilder text = new StringBuilder(subject.length());
        subject.codePoints().limit(4096).forEach(point -> {
            if (Character.isISOControl(point) || (point >= 0xD800 && point <= 0xDFFF)) {
                text.append(String.format("\\u%04x", point));
            } else {
                text.appendCodePoint(point);
            }
        });
        return text.toString();
    }
}
