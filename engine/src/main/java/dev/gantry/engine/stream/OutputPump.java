package dev.gantry.engine.stream;

import dev.gantry.engine.StreamType;
import dev.gantry.runtime.ContainerProcess;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Takes a process's output as it comes: to the log, then to everybody who is joined.
public final class OutputPump {
    private static final System.Logger LOGGER = System.getLogger(OutputPump.class.getName());

    /// Held while a process says nothing, by each of its streams.
    private static final int SMALL = 256;

    /// Taken as soon as it says more than that.
    private static final int LARGE = 64 * 1024;

    /// How long output may go on after its process and all of its kin are gone.
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final ProcessStreams streams;
    private final Recorder recorder;
    private final List<Copy> copies = new ArrayList<>(2);

    /// Where all output is recorded.
    @FunctionalInterface
    public interface Recorder {
        /// Keeps nothing.
        Recorder NONE = (_, _, _) -> {};

        /// Records output; never holds it up.
        void record(StreamType stream, byte[] bytes, int length);
    }

    private OutputPump(ProcessStreams streams, Recorder recorder) {
        this.streams = streams;
        this.recorder = recorder;
    }

    /// Begins to take a process's output.
    public static OutputPump start(ContainerProcess process, ProcessStreams streams, Recorder recorder) {
        var pump = new OutputPump(streams, recorder);
        pump.add(StreamType.STDOUT, process.stdout());
        InputStream errors = process.stderr();
        if (errors != null) {
            pump.add(StreamType.STDERR, errors);
        }
        return pump;
    }

    private void add(StreamType stream, InputStream source) {
        copies.add(new Copy(stream, source));
    }

    /// Parks until the output has been taken to its end, which comes when the last process that could write is dead:
    /// call it then. Output of a process that has got away is given up; a client that may hold the output is waited
    /// for.
    public void awaitEnd() throws InterruptedException {
        for (Copy copy : copies) {
            while (!copy.thread.join(GRACE)) {
                copy.giveUpReading();
            }
        }
    }

    /// One stream and its thread.
    private final class Copy {
        private final StreamType stream;
        private final InputStream source;
        private final Thread thread;
        private volatile boolean reading;

        Copy(StreamType stream, InputStream source) {
            this.stream = stream;
            this.source = source;
            this.thread = Thread.ofVirtual().name("output-" + stream.label()).start(this::run);
        }

        private void run() {
            byte[] small = new byte[SMALL];
            try {
                int length = next(small);
                while (length >= 0) {
                    length = length == SMALL ? drain() : next(small);
                }
            } catch (IOException e) {
                LOGGER.log(Level.DEBUG, "{0}: {1}", stream.label(), e.getMessage());
            } catch (InterruptedException _) {
                LOGGER.log(Level.DEBUG, "{0}: given up", stream.label());
            }
        }

        /// Reads with a large buffer for as long as there is much to read.
        private int drain() throws IOException, InterruptedException {
            byte[] large = new byte[LARGE];
            int length = next(large);
            while (length > SMALL) {
                length = next(large);
            }
            return Math.min(length, SMALL - 1);
        }

        private int next(byte[] buffer) throws IOException, InterruptedException {
            reading = true;
            int length = source.read(buffer);
            reading = false;
            if (length > 0) {
                recorder.record(stream, buffer, length);
                streams.publish(stream, buffer, length);
            }
            return length;
        }

        void giveUpReading() {
            if (reading) {
                try {
                    source.close();
                } catch (IOException e) {
                    LOGGER.log(Level.DEBUG, "{0}: {1}", stream.label(), e.getMessage());
                }
            }
        }
    }
}
