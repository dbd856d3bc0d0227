package dev.gantry.engine.container;

import dev.gantry.engine.Attachment;
import dev.gantry.engine.EngineException.Conflict;
import dev.gantry.engine.LogReader;
import dev.gantry.engine.OutputSink;
import dev.gantry.engine.request.AttachOptions;
import dev.gantry.engine.request.LogOptions;
import dev.gantry.engine.state.LifeCycle;
import dev.gantry.engine.stream.DetachKeys;
import dev.gantry.engine.stream.ProcessStreams;
import java.io.IOException;
import java.io.InputStream;

/// Joins clients to the main process of a container.
final class Attaching {
    private Attaching() {}

    static Attachment attach(Container container, AttachOptions options, LifeEvents events) {
        return container.changing(() -> join(container, options, events));
    }

    /// Under the lock: of the process that runs, or of the next one.
    private static Attachment join(Container container, AttachOptions options, LifeEvents events) {
        if (container.state() instanceof LifeCycle.Paused) {
            throw new Conflict("container " + container.id() + " is paused, unpause the container before attach");
        }
        if (container.state() instanceof LifeCycle.Restarting) {
            throw LifeCycle.restarting(container.id());
        }
        var config = container.definition().config();
        String keys = options.detachKeys() == null ? container.detachKeys() : options.detachKeys();
        boolean stream = options.stream() && (options.stdin() || options.stdout() || options.stderr());
        var wanted = new ProcessStreams.Join(
                stream && options.stdin() && config.openStdin(),
                stream && options.stdout(),
                stream && options.stderr(),
                DetachKeys.parse(keys),
                () -> events.publish(container, "detach"));
        Attachment joined = container.streams().betweenRecords(() -> {
            LogReader past = options.logs() ? past(container, options) : null;
            // the last thing that can fail: a listener that nobody reads would hold the process for ever
            Attachment live = container.streams().join(wanted);
            if (past == null) {
                return stream ? live : new Nothing(live);
            }
            return new WithPast(past, live, stream);
        });
        events.publish(container, "attach");
        return joined;
    }

    /// Ends where the log ends now; reads nothing yet.
    private static LogReader past(Container container, AttachOptions options) {
        var recorded = new LogOptions(options.stdout(), options.stderr(), null, null, -1, false, false, false);
        return container.log().reader(recorded, container.definition().config().tty());
    }

    /// A client that asks for no stream gets an empty one.
    private record Nothing(Attachment live) implements Attachment {
        @Override
        public boolean terminal() {
            return live.terminal();
        }

        @Override
        public void copyOutput(OutputSink sink) {
            // there is none
        }

        @Override
        public boolean copyInput(InputStream source) {
            return false;
        }

        @Override
        public void close() {
            live.close();
        }
    }

    /// What was recorded first, then what comes.
    private record WithPast(LogReader past, Attachment live, boolean stream) implements Attachment {
        @Override
        public boolean terminal() {
            return live.terminal();
        }

        @Override
        public void copyOutput(OutputSink sink) throws IOException {
            past.copyTo(sink);
            if (stream) {
                live.copyOutput(sink);
            }
        }

        @Override
        public boolean copyInput(InputStream source) throws IOException {
            return live.copyInput(source);
        }

        @Override
        public void close() {
            past.close();
            live.close();
        }
    }
}
