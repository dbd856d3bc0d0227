package dev.gantry.cli.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.util.Locale;

/// Where a daemon listens, written as Docker's clients write it: `unix:///run/x.sock`, `tcp://host:port`.
public sealed interface Endpoint {
    /// The address as it is written in messages.
    String text();

    /// What goes into the Host header. A Unix socket has no host; Docker's daemons want some name there.
    String host();

    /// The path before every request's path; empty for none.
    String prefix();

    /// A new connection.
    SocketChannel connect() throws IOException;

    /// A socket in the file system.
    record Unix(Path path) implements Endpoint {
        @Override
        public String text() {
            return "unix://" + path;
        }

        @Override
        public String host() {
            return "localhost";
        }

        @Override
        public String prefix() {
            return "";
        }

        @Override
        public SocketChannel connect() throws IOException {
            return SocketChannel.open(UnixDomainSocketAddress.of(path));
        }
    }

    /// A host (IPv6 without brackets) and a port.
    record Tcp(String name, int port, String prefix) implements Endpoint {
        @Override
        public String text() {
            return "tcp://" + host() + prefix;
        }

        @Override
        public String host() {
            String shown = name.contains(":") ? "[" + name + "]" : name.toLowerCase(Locale.ROOT);
            return shown + ":" + port;
        }

        @Override
        public SocketChannel connect() throws IOException {
            try {
                SocketChannel channel = SocketChannel.open(new InetSocketAddress(name, port));
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                return channel;
            } catch (UnresolvedAddressException e) {
                throw new IOException("lookup " + name + ": no such host", e);
            }
        }
    }

    /// Reads an address.
    ///
    /// @throws IllegalArgumentException with Docker's text if the scheme or the port is not one we know
    static Endpoint parse(String address) {
        if (address.startsWith("unix://")) {
            String path = address.substring("unix://".length());
            return new Unix(Path.of(path.isEmpty() ? "/run/gantry/gantry.sock" : path));
        }
        if (address.startsWith("tcp://") || address.startsWith("http://")) {
            return tcp(address, address.substring(address.indexOf("://") + 3));
        }
        throw new IllegalArgumentException("invalid bind address format: " + address);
    }

    private static Tcp tcp(String address, String rest) {
        int slash = rest.indexOf('/');
        String authority = slash < 0 ? rest : rest.substring(0, slash);
        String prefix = slash < 0 || slash == rest.length() - 1 ? "" : rest.substring(slash);
        String host = authority;
        int port = 2375;
        int colon = authority.lastIndexOf(':');
        if (colon >= 0 && colon > authority.lastIndexOf(']')) {
            host = authority.substring(0, colon);
            port = port(address, authority.substring(colon + 1));
        }
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        return new Tcp(host.isEmpty() ? "localhost" : host, port, prefix);
    }

    private static int port(String address, String text) {
        try {
            int port = Integer.parseInt(text);
            if (port > 0 && port < 65536) {
                return port;
            }
        } catch (NumberFormatException _) {
            // said below, together with numbers out of range
        }
        throw new IllegalArgumentException("invalid bind address format: " + address);
    }
}
