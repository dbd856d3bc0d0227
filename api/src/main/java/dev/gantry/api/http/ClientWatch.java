package dev.gantry.api.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/// Notices that a client has gone while its answer writes nothing.
///
/// The web server reads from a connection only when it wants a request, so a client that leaves during `wait` or
/// `events` would stay unnoticed until the next write. This registers for readability: end of input means that the
/// client closed. Bytes (a pipelined request) are dropped: such answers say `Connection: close`.
final class ClientWatch implements Callback {
    private static final int PEEK_BYTES = 512;

    private final EndPoint endPoint;
    private final Runnable action;
    private final AtomicBoolean fired = new AtomicBoolean();

    private ClientWatch(EndPoint endPoint, Runnable action) {
        this.endPoint = endPoint;
        this.action = action;
    }

    static ClientWatch start(Request request, Runnable action) {
        ClientWatch watch =
                new ClientWatch(request.getConnectionMetaData().getConnection().getEndPoint(), action);
        boolean _ = watch.endPoint.tryFillInterested(watch);
        return watch;
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    @Override
    public void succeeded() {
        ByteBuffer buffer = BufferUtil.allocate(PEEK_BYTES);
        try {
            int filled;
            do {
                BufferUtil.clear(buffer);
                filled = endPoint.fill(buffer);
            } while (filled > 0);
            if (filled < 0) {
                fire();
            } else {
                boolean _ = endPoint.tryFillInterested(this);
            }
        } catch (IOException _) {
            // reset by the client: gone as well
            fire();
        }
    }

    @Override
    public void failed(Throwable cause) {
        fire();
    }

    private void fire() {
        if (fired.compareAndSet(false, true)) {
            Thread _ = Thread.ofVirtual().name("api-disconnect").start(action);
        }
    }
}
