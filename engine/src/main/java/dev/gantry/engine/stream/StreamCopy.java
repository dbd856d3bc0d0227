package dev.gantry.engine.stream;

import dev.gantry.engine.StreamType;
import dev.gantry.kernel.OwnThread;
import dev.gantry.kernel.PolledInput;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger.Level;
import java.time.Duration;

/// Takes one stream of a process in a thread of its own: a virtual one, for most say little, and a platform thread for
/// as long as there is always more. Virtual threads are not preempted, and this one would keep its carrier.
abstract class StreamCopy {
    private static final System.Logger LOGGER = System.getLogger(StreamCopy.class.getName());

    /// Bytes that a virtual thread takes without a wait: some milliseconds' work.
    private static final int BURST = 1024 * 1024;

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

    /// A way to take output.
    interface Taking {
        /// Takes some; gives the number of its bytes, or -1 at the end.
        int take() throws IOException, InterruptedException;
    }

    /// Takes output for as long as there is much.
    ///
    /// @param few less than this at once is all there is
    /// @return what was taken at last: less than that, -1 at the end
    final int takeAll(int few, Taking taking) throws IOException, InterruptedException {
        int taken = takeMost(BURST, few, taking);
        return taken < few ? taken : takeApart(() -> takeMost(Long.MAX_VALUE, few, taking));
    }

    private static int takeMost(long most, int few, Taking taking) throws IOException, InterruptedException {
        int taken = taking.take();
        for (long all = taken; taken >= few && all < most; all += taken) {
            taken = taking.take();
        }
        return taken;
    }

    /// Takes output in a platform thread.
    final int takeApart(Taking taking) throws IOException {
        return OwnThread.<Integer, IOException>run(thread.getName(), () -> {
            try {
                return taking.take();
            } catch (InterruptedException e) {
                throw (IOException) new InterruptedIOException("interrupted while taking output").initCause(e);
            }
        });
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

    /// Records output, and gives it to everybody who is joined then.
    final void publish(ProcessStreams.Recording record, byte[] bytes, int offset, int length)
            throws IOException, InterruptedException {
        streams.publish(stream, record, bytes, offset, length);
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
