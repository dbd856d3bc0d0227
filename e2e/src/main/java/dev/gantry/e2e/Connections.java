package dev.gantry.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// The connections to a server of a test, each on a thread of its own.
public final class Connections implements AutoCloseable {
    /// Speaks with a client.
    public interface Handler {
        /// Serves a client until one of the two has had enough. The connection is closed after that.
        void serve(Socket client) throws IOException;
    }

    private final ServerSocket listener;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /// Serves until it is closed.
    public Connections(ServerSocket listener, Handler handler) {
        this.listener = listener;
        threads.execute(() -> accept(handler));
    }

    /// Passes all connections on.
    ///
    /// @param target a port on loopback
    public static Connections to(int target, ServerSocket listener) {
        return new Connections(listener, client -> {
            try (Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
                join(client, client.getInputStream(), server);
            }
        });
    }

    /// Carries bytes between two sockets, in both directions, until one of them ends.
    ///
    /// @param input of the client, from which something may have been read ahead
    public static void join(Socket client, InputStream input, Socket server) throws IOException {
        Thread.ofVirtual().start(() -> {
            try (server) {
                input.transferTo(server.getOutputStream());
            } catch (IOException _) {
                // the other direction has ended
            }
        });
        server.getInputStream().transferTo(client.getOutputStream());
    }

    private void accept(Handler handler) {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                open.add(client);
                threads.execute(() -> serve(client, handler));
            } catch (IOException _) {
                // closed
            }
        }
    }

    private void serve(Socket client, Handler handler) {
        try (client) {
            handler.serve(client);
        } catch (IOException _) {
            // cut, by the client or the test
        } finally {
            open.remove(client);
        }
    }

    /// Where it listens.
    public int port() {
        return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket each : open) {
            each.close();
        }
        threads.shutdownNow();
    }
}
