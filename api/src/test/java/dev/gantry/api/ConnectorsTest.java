package dev.gantry.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.api.http.Connectors;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectorsTest {
    @TempDir
    private Path directory;

    @Test
    void manyClientsMayKnockAtOnce() throws Exception {
        Path socket = directory.resolve("s");
        var server = new Server();
        server.addConnector(Connectors.unix(server, socket));
        server.start();
        List<SocketChannel> clients = new ArrayList<>();
        try {
            // faster than anybody can accept
            for (int i = 0; i < 1000; i++) {
                clients.add(connect(socket));
            }
        } finally {
            close(clients);
            server.stop();
        }
    }

    /// Memory beside the heap is freed by the garbage collector alone.
    @Test
    void anUploadTakesBuffersThatWereUsedBefore() {
        ByteBufferPool pool = Connectors.buffers();
        Set<ByteBuffer> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = 0; i < 1000; i++) {
            for (int size : new int[] {8 << 10, 64 << 10, 128 << 10}) {
                RetainableByteBuffer buffer = pool.acquire(size, true);
                seen.add(buffer.getByteBuffer());
                buffer.release();
            }
        }
        assertThat(seen).allMatch(ByteBuffer::isDirect);
        assertThat(seen.stream().mapToLong(ByteBuffer::capacity).sum()).isBetween(1L, 1L << 20);
    }

    @Test
    void aSocketOfADaemonThatWasKilledIsReplaced() throws IOException {
        Path socket = directory.resolve("s");
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(socket));
        }
        assertThat(socket).exists();

        Connectors.unix(new Server(), socket);

        assertThat(socket).doesNotExist();
    }

    @Test
    void aSocketThatAnotherDaemonListensOnIsNotTaken() throws IOException {
        Path socket = directory.resolve("s");
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            other.bind(UnixDomainSocketAddress.of(socket));

            assertThatThrownBy(() -> Connectors.unix(new Server(), socket))
                    .hasMessage("another daemon listens on " + socket);
        }
        assertThat(socket).exists();
    }

    @Test
    void aSocketWhoseDaemonIsBusyIsNotTaken() throws IOException {
        Path socket = directory.resolve("s");
        List<SocketChannel> clients = new ArrayList<>();
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            other.bind(UnixDomainSocketAddress.of(socket), 1);
            // its queue is full: one more would get EAGAIN
            clients.add(connect(socket));
            clients.add(connect(socket));

            assertThatThrownBy(() -> Connectors.unix(new Server(), socket))
                    .hasMessage("another daemon listens on " + socket);
        } finally {
            close(clients);
        }
        assertThat(socket).exists();
    }

    @Test
    void aFileThatIsNoSocketStays() throws IOException {
        Path file = Files.writeString(directory.resolve("s"), "kept");

        assertThatThrownBy(() -> Connectors.unix(new Server(), file)).hasMessage(file + " exists and is no socket");

        assertThat(file).hasContent("kept");
    }

    /// As Go's clients connect: without blocking, so that a full queue is an error (EAGAIN).
    private static SocketChannel connect(Path socket) throws IOException {
        SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX);
        client.configureBlocking(false);
        assertThat(client.connect(UnixDomainSocketAddress.of(socket))).isTrue();
        return client;
    }

    private static void close(List<SocketChannel> clients) throws IOException {
        for (SocketChannel client : clients) {
            client.close();
        }
    }
}
