package dev.gantry.engine.stream;

import dev.gantry.engine.Attachment;
import dev.gantry.engine.OutputSink;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/// One client that is joined to a process.
final class StreamAttachment implements Attachment {
    private static final int BUFFER = 32 * 1024;

    private final ProcessStreams streams;
    private final Listener listener;
    private final ProcessStreams.Join wanted;

    StreamAttachment(ProcessStreams streams, Listener listener, ProcessStreams.Join wanted) {
        this.streams = streams;
        this.listener = listener;
        this.wanted = wanted;
    }

    @Override
    public boolean terminal() {
        return streams.terminal();
    }

    @Override
    public void copyOutput(OutputSink sink) throws IOException {
        listener.copyTo(sink);
    }

    @Override
    public boolean copyInput(InputStream source) throws IOException {
        if (!wanted.stdin()) {
            return false;
        }
        OutputStream stdin = await();
        if (stdin == null) {
            return false;
        }
        if (copy(source, stdin)) {
            wanted.onDetach().run();
            return true;
        }
        if (streams.closesInput()) {
            streams.input().close(stdin);
        } else {
            // as dockerd: a client whose input has ended and that ends nobody else's has nothing left to do
            close();
        }
        return false;
    }

    private @Nullable OutputStream await() throws InterruptedIOException {
        try {
            return streams.input().await(listener::isClosed);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the process to start");
        }
    }

    /// True when the keys to detach were read.
    private boolean copy(InputStream source, OutputStream stdin) throws IOException {
        byte[] buffer = new byte[BUFFER];
        boolean reads = true;
        for (int length = source.read(buffer); length >= 0; length = source.read(buffer)) {
            byte[] bytes = buffer;
            boolean detached = false;
            if (streams.terminal()) {
                bytes = wanted.detachKeys().filter(buffer, length);
                length = bytes.length;
                detached = wanted.detachKeys().complete();
            }
            // a process that has closed its input is sent nothing more, but the client's keys and its end still count
            reads = reads && streams.input().write(stdin, bytes, length);
            if (detached) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        streams.leave(listener);
    }
}
