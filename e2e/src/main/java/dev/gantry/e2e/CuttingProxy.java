package dev.gantry.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/// Stands before a registry and cuts connections at random places while they carry much, so many times.
public final class CuttingProxy implements AutoCloseable {
    private static final int BUFFER = 16 * 1024;

    private final Random random;
    private final int most;
    private final AtomicInteger left;
    private final Connections connections;

    /// @param registry `host:port`, on loopback
    /// @param cuts how many connections are cut
    /// @param most bytes in one direction before a cut
    /// @param seed of the places
    public CuttingProxy(String registry, int cuts, int most, long seed) throws IOException {
        this.left = new AtomicInteger(cuts);
        this.most = most;
        this.random = new Random(seed);
        InetAddress loopback = InetAddress.getLoopbackAddress();
        int target = Integer.parseInt(registry.substring(registry.lastIndexOf(':') + 1));
        this.connections = new Connections(new ServerSocket(0, 50, loopback), client -> {
            try (Socket server = new Socket(loopback, target)) {
                Thread.ofVirtual().start(() -> carry(client, server));
                carry(server, client);
            }
        });
    }

    /// Its name in references.
    public String host() {
        return "127.0.0.1:" + connections.port();
    }

    /// How many connections it has yet to cut.
    public int left() {
        return left.get();
    }

    private void carry(Socket from, Socket to) {
        int place = BUFFER + random.nextInt(most);
        try (from;
                to) {
            InputStream input = from.getInputStream();
            OutputStream output = to.getOutputStream();
            byte[] buffer = new byte[BUFFER];
            long carried = 0;
            for (int count = input.read(buffer); count >= 0; count = input.read(buffer)) {
                output.write(buffer, 0, count);
                carried += count;
                if (carried > place && left.getAndUpdate(cuts -> Math.max(0, cuts - 1)) > 0) {
                    return;
                }
            }
        } catch (IOException _) {
            // cut, by the other direction or an end
        }
    }

    @Override
    public void close() throws IOException {
        connections.close();
    }
}
