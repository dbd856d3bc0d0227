package dev.gantry.api;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where the API can be reached.
public sealed interface Listener {
    /// A Unix socket of mode 0660.
    ///
    /// @param group the group that may connect, by name or number; null leaves it to the process's own
    record Unix(Path path, @Nullable String group) implements Listener {
        @Override
        public String toString() {
            return path.toString();
        }
    }

    /// A TCP socket without any protection: whoever can connect is root on this host.
    record Tcp(InetSocketAddress address) implements Listener {
        @Override
        public String toString() {
            return address.getHostString() + ":" + address.getPort();
        }
    }
}
