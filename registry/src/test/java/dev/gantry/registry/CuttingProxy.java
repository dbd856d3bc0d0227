package dev.gantry.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Passes connections on, and cuts some of them after a random number of bytes of an answer.
final class CuttingProxy implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicInteger cuts;
    private final Random random;
    private final int target;
    private final int longest;

    /// @param cuts how many; a connection with a smaller answer is not cut
    /// @param longest the most bytes before a cut
    CuttingProxy(int target, int cuts, int longest, long seed) throws IOException {
        this.target = target;
        this.cuts = new AtomicInteger(cuts);
        this.longest = longest;
        this.random = new Random(seed);
        threads.execute(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /// Bytes that went to clients.
    long answered() {
        return answered.get();
    }

    int cutsLeft() {
        return cuts.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                connections.add(client);
                connections.add(server);
                threads.execute(() -> copy(client, server, Long.MAX_VALUE));
                threads.execute(() -> copy(server, client, 100_000 + random.nextInt(longest)));
            } catch (IOException _) {
                // closed
            }
        }
    }

    private void copy(Socket from, Socket to, long limit) {
        try (from;
                to) {
            InputStream input = from.getInputStream();
            OutputStream output = to.getOutputStream();
            byte[] buffer = new byte[8192];
            long left = cuts.get() > 0 ? limit : Long.MAX_VALUE;
            while (left > 0) {
                int count = input.read(buffer, 0, (int) Math.min(left, buffer.length));
                if (count < 0) {
                    return;
                }
                // first: who has got the last of it may ask at once
                answered.addAndGet(limit == Long.MAX_VALUE ? 0 : count);
                output.write(buffer, 0, count);
                left -= count;
            }
            cuts.decrementAndGet();
        } catch (IOException _) {
            // the other direction has ended
        } finally {
            connections.remove(from);
            connections.remove(to);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket connection : connections) {
            connection.close();
        }
        threads.shutdownNow();
    }
}
