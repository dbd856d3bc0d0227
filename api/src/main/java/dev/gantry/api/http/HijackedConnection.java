package dev.gantry.api.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/// A connection taken over from HTTP/1.1: blocking streams over the server's non-blocking end point.
///
/// ```
/// client                          daemon
///   | POST …/attach, Upgrade: tcp   |
///   |------------------------------>|
///   |        HTTP/1.1 101 UPGRADED  |
///   |<------------------------------|
///   | stdin …, then half-close      | output …, then half-close
///   |<----------------------------->|
/// ```
///
/// A write returns when the bytes are in the socket, so a client that does not read stops the container's output
/// instead of filling memory. After the daemon's last byte the output is shut and the input read on until the client
/// closes: closing with unread input would turn the client's last read into a connection reset.
final class HijackedConnection extends AbstractConnection implements Connection.UpgradeTo {
    private static final Logger LOGGER = System.getLogger(HijackedConnection.class.getName());

    /// How long a client may go on sending after the daemon's end of output.
    private static final long LINGER_MILLIS = 10_000;

    /// How long a client that wants its head alone gets to read it.
    private static final Duration HEAD_START = Duration.ofMillis(50);

    private final Hijack hijack;
    private final byte[] head;
    private ByteBuffer early = BufferUtil.EMPTY_BUFFER;

    HijackedConnection(EndPoint endPoint, Executor executor, Hijack hijack, String headers) {
        super(endPoint, executor);
        this.hijack = hijack;
        this.head = Exchange.utf8(hijack.head() + headers + "\r\n");
    }

    /// Bytes that came with the request already: the beginning of the client's input.
    @Override
    public void onUpgradeTo(@Nullable ByteBuffer buffer) {
        if (buffer != null) {
            early = buffer;
        }
    }

    @Override
    public void onOpen() {
        super.onOpen();
        getEndPoint().setIdleTimeout(0);
        Thread _ = Thread.ofVirtual().name("api-hijacked").start(this::talk);
    }

    /// Never called: the streams register their own interest.
    @Override
    public void onFillable() {
        throw new IllegalStateException("a hijacked connection has no reader of its own");
    }

    private void talk() {
        InputStream input = new Input();
        boolean served = false;
        try {
            try (Output output = new Output()) {
                output.write(head);
                if (hijack.headAlone()) {
                    Thread.sleep(HEAD_START);
                }
                served = true;
                hijack.session().serve(input, output);
            }
            linger(input);
        } catch (IOException e) {
            LOGGER.log(Level.DEBUG, "hijacked connection ended: {0}", e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOGGER.log(Level.ERROR, "hijacked connection", e);
        } finally {
            getEndPoint().close();
            if (!served) {
                hijack.session().abandon();
            }
        }
    }

    private void linger(InputStream input) throws IOException {
        getEndPoint().setIdleTimeout(LINGER_MILLIS);
        long deadline = System.nanoTime() + LINGER_MILLIS * 1_000_000;
        byte[] scrap = new byte[8192];
        while (input.read(scrap) >= 0 && System.nanoTime() < deadline) {
            // what the client still sends has no receiver any more
        }
    }

    private final class Input extends InputStream {
        private final ReentrantLock lock = new ReentrantLock();

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            if (length == 0) {
                return 0;
            }
            lock.lock();
            try {
                return early.hasRemaining() ? readEarly(bytes, offset, length) : fill(bytes, offset, length);
            } finally {
                lock.unlock();
            }
        }

        private int readEarly(byte[] bytes, int offset, int length) {
            int taken = Math.min(length, early.remaining());
            early.get(bytes, offset, taken);
            return taken;
        }

        private int fill(byte[] bytes, int offset, int length) throws IOException {
            // the end point wants a buffer in flush mode: empty, limit at position
            ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length).slice();
            buffer.limit(0);
            while (true) {
                int filled = getEndPoint().fill(buffer);
                if (filled != 0) {
                    return filled;
                }
                awaitReadable();
            }
        }

        private void awaitReadable() throws IOException {
            try (Blocker.Callback readable = Blocker.callback()) {
                getEndPoint().fillInterested(readable);
                readable.block();
            }
        }
    }

    private final class Output extends OutputStream {
        private final ReentrantLock lock = new ReentrantLock();
        private boolean closed;

        @Override
        public void write(int oneByte) throws IOException {
            write(new byte[] {(byte) oneByte}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            lock.lock();
            try (Blocker.Callback written = Blocker.callback()) {
                if (closed) {
                    throw new IOException("output to the client is closed");
                }
                getEndPoint().write(written, ByteBuffer.wrap(bytes, offset, length));
                written.block();
            } catch (InterruptedIOException e) {
                // the write is still pending: nothing may follow it
                closed = true;
                throw e;
            } finally {
                lock.unlock();
            }
        }

        /// The daemon's half-close. Idempotent.
        @Override
        public void close() {
            lock.lock();
            try {
                if (!closed) {
                    closed = true;
                    getEndPoint().shutdownOutput();
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
