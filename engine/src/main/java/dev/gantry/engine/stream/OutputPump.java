package dev.gantry.engine.stream;

import dev.gantry.engine.StreamType;
import dev.gantry.engine.log.ContainerLog;
import dev.gantry.kernel.PolledInput;
import dev.gantry.runtime.ContainerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Takes a process's output as it comes: to the log, then to everybody who is joined.
public final class OutputPump {
    /// How long output may go on after its process and all of its kin are gone.
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final List<StreamCopy> copies = new ArrayList<>(2);
    private final ProcessStreams streams;

    /// How a stream is copied.
    private interface Way {
        StreamCopy copy(StreamType stream, PolledInput source);
    }

    private OutputPump(ContainerProcess process, ProcessStreams streams, Way way) {
        this.streams = streams;
        add(way.copy(StreamType.STDOUT, process.stdout()));
        PolledInput errors = process.stderr();
        if (errors != null) {
            add(way.copy(StreamType.STDERR, errors));
        }
    }

    private void add(StreamCopy copy) {
        copies.add(copy);
        copy.start();
    }

    /// Begins to take the output of a process that has no log.
    public static OutputPump start(ContainerProcess process, ProcessStreams streams) {
        return new OutputPump(process, streams, (stream, source) -> new DirectCopy(stream, source, streams));
    }

    /// Begins to take the output of a process, or goes on with that of one which an earlier daemon has started.
    ///
    /// @param log open, so that it knows of what there is in the journals
    public static OutputPump start(ContainerProcess process, ProcessStreams streams, ContainerLog log) {
        return log.readable()
                ? new OutputPump(process, streams, (stream, source) -> new JournaledCopy(stream, source, streams, log))
                : start(process, streams);
    }

    /// Parks until the output has been taken to its end, which comes when the last process that could write is
    /// dead: call it then. Output of a process that has got away is given up. A client that does not take it is
    /// waited for as long, and finds the rest when it does.
    public void awaitEnd() throws InterruptedException {
        for (StreamCopy copy : copies) {
            while (!copy.join(GRACE)) {
                streams.letGo();
                copy.giveUpReading();
            }
        }
    }
}
