package dev.gantry.engine.stream;

import dev.gantry.engine.StreamType;
import dev.gantry.kernel.PolledInput;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;

/// Takes one stream of a process in a thread of its own.
abstract class StreamCopy {
    private static final System.Logger LOGGER = System.getLogger(StreamCopy.class.getName());

    private final StreamType stream;
    private final PolledInput source;
    private final ProcessStreams streams;
    private final Thread thread;
    private volatile boolean reading;

    StreamCopy(StreamType stream, PolledInput source, ProcessStreams streams) {
        this.stream = stream;
        this.source = source;
        this.streams = streams;
        this.thread = Thread.ofVirtual().name("output-" + stream.label()).unstarted(this::run);
    }

    final void start() {
        thread.start();
    }

    private void run() {
        try {
            copy();
        } catch (IOException e) {
            LOGGER.log(Level.DEBUG, "{0}: {1}", stream.label(), e.getMessage());
        } catch (InterruptedException _) {
            LOGGER.log(Level.DEBUG, "{0}: given up", stream.label());
        } finally {
            end();
        }
    }

    /// Copies to the end of the stream.
    abstract void copy() throws IOException, InterruptedException;

    /// Nothing more comes, for whatever reason.
    abstract void end();

    final StreamType stream() {
        return stream;
    }

    final PolledInput source() {
        return source;
    }

    /// Parks until there is output, or the end.
    final void await() throws IOException, InterruptedException {
        reading = true;
        source.await();
        reading = false;
    }

    /// Reads; parks while there is nothing.
    final int read(byte[] buffer, int offset) throws IOException {
        reading = true;
        int length = source.read(buffer, offset, buffer.length - offset);
        reading = false;
        return length;
    }

    /// Gives output to everybody who is joined.
    final void publish(byte[] bytes, int offset, int length) throws InterruptedException {
        streams.publish(stream, bytes, offset, length);
    }

    final boolean join(Duration longest) throws InterruptedException {
        return thread.join(longest);
    }

    /// Ends the copy if it waits for the process.
    final void giveUpReading() {
        if (reading) {
            source.close();
        }
    }
}
