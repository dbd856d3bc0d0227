package dev.gantry.api.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.HostPort;
import org.jspecify.annotations.Nullable;

/// The doors: sockets with the HTTP configuration that all of them share.
public final class Connectors {
    private static final int SELECTORS = 1;

    /// Accepting is the selector's work, too.
    private static final int ACCEPTORS = 0;

    /// Connections that may wait to be accepted; the kernel lowers it to net.core.somaxconn (listen(2)). A client that
    /// does not block gets EAGAIN from a full queue of a Unix socket (connect(2)), and Java's default is 50.
    private static final int BACKLOG = 4096;

    /// Every buffer full of an upload costs a turn of the selector: loading an image took a quarter more
    /// time with Jetty's 8 KiB. A connection has a buffer only while it reads.
    private static final int INPUT_BUFFER = 128 << 10;

    /// Bytes of idle buffers, in the heap and beside it each.
    private static final long IDLE_BUFFERS = 4 << 20;

    private Connectors() {}

    /// Buffers that are used again. Jetty's own pool takes none of more than 64 KiB: each part of an upload would have
    /// new memory, which only the garbage collector frees.
    public static ByteBufferPool buffers() {
        int byDefault = -1;
        return new ArrayByteBufferPool(
                byDefault, byDefault, INPUT_BUFFER, Integer.MAX_VALUE, IDLE_BUFFERS, IDLE_BUFFERS);
    }

    /// A Unix socket of mode 0660. A socket file that nobody listens on is replaced.
    ///
    /// @throws IOException when another daemon listens there, or the path is something else
    public static Connector unix(Server server, Path path) throws IOException {
        removeStale(path);
        var connector = new UnixDomainServerConnector(server, ACCEPTORS, SELECTORS, http());
        connector.setUnixDomainPath(path);
        connector.setAcceptQueueSize(BACKLOG);
        connector.setIdleTimeout(0);
        return connector;
    }

    /// A TCP socket.
    public static Connector tcp(Server server, InetSocketAddress address) {
        var connector = new ServerConnector(server, null, null, null, ACCEPTORS, SELECTORS, http());
        connector.setHost(address.getHostString());
        connector.setPort(address.getPort());
        connector.setAcceptQueueSize(BACKLOG);
        connector.setIdleTimeout(0);
        return connector;
    }

    private static HttpConnectionFactory http() {
        var configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setSendXPoweredBy(false);
        configuration.setRequestHeaderSize(64 << 10);
        configuration.setResponseHeaderSize(16 << 10);
        // for HTTP/1.0 without Host: the socket's own address is a path, which makes no authority
        configuration.setServerAuthority(new HostPort("localhost"));
        // an upload that nobody reads is not read to its end
        configuration.setMaxUnconsumedRequestContentReads(16);
        // names contain encoded slashes, and clients put a slash before a container's name; nothing here is a file path
        configuration.setUriCompliance(UriCompliance.RFC3986.with(
                "docker",
                UriCompliance.Violation.AMBIGUOUS_EMPTY_SEGMENT,
                UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR,
                UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING,
                UriCompliance.Violation.AMBIGUOUS_PATH_PARAMETER));
        // docker clients up to 24.0 send the socket's path as Host when they attach
        configuration.setHttpCompliance(
                HttpCompliance.RFC9110.with("docker", HttpCompliance.Violation.UNSAFE_HOST_HEADER));
        var factory = new HttpConnectionFactory(configuration);
        factory.setInputBufferSize(INPUT_BUFFER);
        return factory;
    }

    private static void removeStale(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!"socket".equals(kind(path))) {
            throw new IOException(path + " exists and is no socket");
        }
        if (listened(path)) {
            throw new IOException("another daemon listens on " + path);
        }
        // left behind by a daemon that was killed
        Files.deleteIfExists(path);
    }

    private static boolean listened(Path path) throws IOException {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.configureBlocking(false);
            return probe.connect(UnixDomainSocketAddress.of(path));
        } catch (ConnectException _) {
            return false;
        } catch (SocketException _) {
            // EAGAIN: somebody does, and is busy
            return true;
        }
    }

    private static String kind(Path path) throws IOException {
        int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        return (mode & 0xf000) == 0xc000 ? "socket" : "other";
    }

    /// Opens the door for a group: owner root, mode 0660. Until then a new socket is its owner's alone, because
    /// connecting needs the permission to write.
    ///
    /// @param group a name, or null to leave the group as it is
    /// @return whether the group exists
    public static boolean admit(Path socket, @Nullable String group) throws IOException {
        var view = Files.getFileAttributeView(socket, PosixFileAttributeView.class);
        // NOFOLLOW_LINKS would open the file, which a socket refuses (ENXIO)
        boolean found = true;
        if (group != null) {
            try {
                GroupPrincipal principal =
                        socket.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group);
                view.setGroup(principal);
            } catch (UserPrincipalNotFoundException _) {
                found = false;
            }
        }
        view.setPermissions(PosixFilePermissions.fromString("rw-rw----"));
        return found;
    }
}
