package dev.gantry.engine.exec;

import dev.gantry.engine.Attachment;
import dev.gantry.engine.health.HealthResult;
import dev.gantry.kernel.Signal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// One health check that is under way.
final class HealthProbe implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(HealthProbe.class.getName());

    /// Of its output, what is kept, in bytes, as in Docker.
    private static final int OUTPUT = 4096;

    private final ExecSession session;
    private final Attachment attachment;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private boolean truncated;
    private final Thread reader;

    HealthProbe(ExecSession session, Attachment attachment) {
        this.session = session;
        this.attachment = attachment;
        this.reader = Thread.ofVirtual()
                .name("health-" + session.id().substring(0, 12))
                .start(this::read);
    }

    private void read() {
        try {
            attachment.copyOutput((_, bytes, offset, length) -> take(bytes, offset, length));
        } catch (IOException e) {
            LOGGER.log(
                    Level.WARNING,
                    "output of a health check of container "
                            + session.container().id(),
                    e);
        }
    }

    private synchronized void take(byte[] bytes, int offset, int length) {
        int space = OUTPUT - output.size();
        output.write(bytes, offset, Math.min(space, length));
        truncated |= length > space;
    }

    /// Its output so far.
    synchronized String output() {
        return output.toString(StandardCharsets.UTF_8) + (truncated ? "..." : "");
    }

    /// Parks until it has ended.
    ///
    /// @return whether it has
    boolean await(Duration timeout) throws InterruptedException {
        return reader.join(timeout);
    }

    /// How it ended.
    int exitCode() {
        return session.stage() instanceof ExecSession.Stage.Ended ended ? ended.exitCode() : HealthResult.NONE;
    }

    /// Ends it.
    void kill() {
        if (session.stage() instanceof ExecSession.Stage.Running running) {
            try {
                running.process().kill(Signal.KILL);
            } catch (IOException | IllegalStateException e) {
                LOGGER.log(
                        Level.WARNING,
                        "a health check of container " + session.container().id() + " goes on",
                        e);
            }
        }
    }

    @Override
    public void close() {
        attachment.close();
    }
}
