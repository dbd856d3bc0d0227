package dev.gantry.engine.stream;

import dev.gantry.engine.Attachment;
import dev.gantry.engine.StreamType;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The streams of a process that is started now or later, perhaps again, and those who are joined to them.
public final class ProcessStreams {
    private final boolean terminal;
    private final boolean closeInput;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock recording = new ReentrantLock();
    private final ProcessInput input = new ProcessInput();
    private volatile boolean running;
    private volatile boolean closed;

    /// @param closeInput whether the end of a client's input is the end of the process's
    public ProcessStreams(boolean terminal, boolean closeInput) {
        this.terminal = terminal;
        this.closeInput = closeInput;
    }

    /// What a client wants to be joined to.
    ///
    /// @param detachKeys of a terminal
    /// @param onDetach told when the client has left by its keys
    public record Join(boolean stdin, boolean stdout, boolean stderr, DetachKeys detachKeys, Runnable onDetach) {}

    /// Joins a client, at once: output from here on reaches it.
    public Attachment join(Join wanted) {
        var listener = new Listener(wanted.stdout(), wanted.stderr(), !running);
        listeners.add(listener);
        if (closed) {
            end(listener);
        }
        return new StreamAttachment(this, listener, wanted);
    }

    /// Does something while no output is recorded that has not been given to those who are joined by then: who takes
    /// the log's end and joins here misses no line between the two, and gets none twice.
    public <T> T betweenRecords(Supplier<T> action) {
        recording.lock();
        try {
            return action.get();
        } finally {
            recording.unlock();
        }
    }

    /// Puts output into the log.
    interface Recording {
        void run() throws IOException;
    }

    /// Records output, and gives it to everybody who is joined then, as [#publish] does.
    void publish(StreamType stream, Recording record, byte[] bytes, int offset, int length)
            throws IOException, InterruptedException {
        Iterator<Listener> joined;
        recording.lock();
        try {
            record.run();
            // as they are now; to wait for them while the lock is held would hold up who joins
            joined = listeners.iterator();
        } finally {
            recording.unlock();
        }
        publish(stream, joined, bytes, offset, length);
    }

    /// The process runs.
    ///
    /// @param stdin null if it has none
    public void begin(@Nullable OutputStream stdin) {
        running = true;
        input.open(stdin);
    }

    /// Gives output to everybody who is joined; parks while one of those who may hold the process does not take it.
    public void publish(StreamType stream, byte[] bytes, int offset, int length) throws InterruptedException {
        publish(stream, listeners.iterator(), bytes, offset, length);
    }

    private static void publish(StreamType stream, Iterator<Listener> joined, byte[] bytes, int offset, int length)
            throws InterruptedException {
        byte[] copy = null;
        while (joined.hasNext()) {
            Listener listener = joined.next();
            if (listener.wants(stream)) {
                copy = copy == null ? Arrays.copyOfRange(bytes, offset, offset + length) : copy;
                listener.put(stream, copy);
            }
        }
    }

    /// The process has ended and its output has been published, or it will never be started: everybody is let go.
    public void end() {
        running = false;
        // one by one: who joins meanwhile stays, for the next process
        listeners.forEach(this::end);
        input.reset();
    }

    /// There will never be a process again: everybody is let go, and who joins from now on at once.
    public void close() {
        closed = true;
        end();
    }

    private void end(Listener listener) {
        listeners.remove(listener);
        listener.end();
    }

    /// The process has ended, and waits for nobody any longer; clients get what it has left in its pipes.
    void letGo() {
        listeners.forEach(Listener::letGo);
    }

    boolean terminal() {
        return terminal;
    }

    boolean closesInput() {
        return closeInput && !terminal;
    }

    ProcessInput input() {
        return input;
    }

    void leave(Listener listener) {
        listener.close();
        listeners.remove(listener);
        input.look();
    }
}
