package dev.gantry.e2e.registries;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.Command;
import dev.gantry.e2e.Connections;
import dev.gantry.e2e.Result;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// An address of this host that is none of loopback's, though it lies on that interface: one of those that are for
/// documentation, so that nobody else has it. What listens there are ways to servers on loopback.
final class HostAddress implements AutoCloseable {
    private final String address = "203.0.113." + (1 + new Random().nextInt(254));
    private final List<Connections> ways = new ArrayList<>();

    HostAddress() throws IOException {
        ip("add");
    }

    private void ip(String verb) throws IOException {
        Result result = Command.run(List.of("ip", "address", verb, address + "/32", "dev", "lo"), Map.of());
        assertThat(result.exit()).as(result::toString).isZero();
    }

    @Override
    public String toString() {
        return address;
    }

    /// Lets a server be reached at this address.
    ///
    /// @param server `host:port` on loopback
    /// @return its `host:port` here
    String reach(String server) throws IOException {
        int target = Integer.parseInt(server.substring(server.lastIndexOf(':') + 1));
        Connections way = Connections.to(target, new ServerSocket(0, 50, InetAddress.ofLiteral(address)));
        ways.add(way);
        return address + ":" + way.port();
    }

    @Override
    public void close() throws IOException {
        for (Connections way : ways) {
            way.close();
        }
        ip("delete");
    }
}
