package dev.gantry.api.containers;

import dev.gantry.api.http.HijackSession;
import dev.gantry.engine.Attachment;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/// A client's terminal or pipes joined to a process: one thread per direction.
///
/// The client's half-close ends the input only; the session ends with the output. The keys to detach end it, too.
record AttachedSession(Attachment attachment, boolean withInput) implements HijackSession {
    private static final Logger LOGGER = System.getLogger(AttachedSession.class.getName());

    @Override
    public void serve(InputStream fromClient, OutputStream toClient) throws IOException {
        try (attachment) {
            if (withInput) {
                Thread _ = Thread.ofVirtual().name("api-stdin").start(() -> copyInput(fromClient));
            }
            attachment.copyOutput(attachment.terminal() ? Frames.raw(toClient) : Frames.multiplexed(toClient));
        }
    }

    @Override
    public void abandon() {
        attachment.close();
    }

    private void copyInput(InputStream fromClient) {
        try {
            if (attachment.copyInput(fromClient)) {
                attachment.close();
            }
        } catch (IOException e) {
            // the client is gone without a half-close: nobody reads the output either
            LOGGER.log(Level.DEBUG, "input from the client ended: {0}", e.getMessage());
            attachment.close();
        } catch (RuntimeException e) {
            LOGGER.log(Level.ERROR, "input from the client", e);
        }
    }
}
