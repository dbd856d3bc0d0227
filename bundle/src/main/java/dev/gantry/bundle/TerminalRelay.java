package dev.gantry.bundle;

import dev.gantry.kernel.OwnedFd;
import dev.gantry.kernel.PolledInput;
import dev.gantry.kernel.PolledOutput;
import dev.gantry.kernel.Poller;
import dev.gantry.kernel.Pty;
import dev.gantry.kernel.terminal.CallersTerminal;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/// Carries what is typed and what is shown between the terminal that a command has been started in and that of a
/// process, as a terminal in a terminal. The outer one is raw for as long, and adds the carriage returns.
final class TerminalRelay implements AutoCloseable {
    private static final int CHUNK = 8192;

    private final CallersTerminal outer;
    private final Poller poller;
    private @Nullable OwnedFd inner;
    private @Nullable Thread shown;

    private TerminalRelay(CallersTerminal outer, Poller poller) {
        this.outer = outer;
        this.poller = poller;
    }

    /// @throws IOException if this process has no terminal
    static TerminalRelay open() throws IOException {
        return new TerminalRelay(CallersTerminal.find(), Poller.start("terminal"));
    }

    /// Begins, with the master of the process's terminal.
    void begin(OwnedFd master) throws IOException {
        synchronized (this) {
            inner = master;
        }
        Pty.keepLineFeeds(master);
        outer.makeInputRaw();
        resize();
        OutputStream typed = new PolledOutput(poller, master.duplicate());
        InputStream written = new PolledInput(poller, master);
        // the caller's streams are read and written in blocking calls: their modes are the caller's, too
        Thread.ofPlatform().daemon().name("typed").start(() -> copyTyped(typed));
        shown = Thread.ofPlatform().daemon().name("shown").start(() -> copyShown(written));
    }

    private static void copyTyped(OutputStream to) {
        try (InputStream in = new FileInputStream(FileDescriptor.in)) {
            in.transferTo(to);
        } catch (IOException _) {
            // the process has ended, or the outer terminal has
        }
    }

    /// Goes on reading when nobody looks any more: a process must not wait for that.
    private static void copyShown(InputStream from) {
        OutputStream to = new FileOutputStream(FileDescriptor.out);
        byte[] chunk = new byte[CHUNK];
        try {
            for (int count = from.read(chunk); count >= 0; count = from.read(chunk)) {
                try {
                    to.write(chunk, 0, count);
                } catch (IOException _) {
                    to = OutputStream.nullOutputStream();
                }
            }
        } catch (IOException _) {
            // the terminal has been closed
        }
    }

    /// Gives the process's terminal the size of the outer one.
    synchronized void resize() throws IOException {
        if (inner != null) {
            CallersTerminal.Size size = outer.size();
            Pty.resize(inner, size.rows(), size.columns());
        }
    }

    /// Waits until everything is shown that was written before the process ended: its end, as that of a session's
    /// leader, is the end of its terminal.
    void finish() throws IOException {
        try {
            if (shown != null) {
                shown.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the terminal was read", e);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (inner != null) {
            inner.close();
            inner = null;
        }
        outer.close();
        poller.close();
    }
}
