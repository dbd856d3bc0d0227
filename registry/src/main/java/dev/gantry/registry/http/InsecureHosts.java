package dev.gantry.registry.http;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The hosts that may be spoken to without TLS, or with certificates nobody vouches for: `host`, `host:port`, or
/// networks
/// (`10.0.0.0/8`). A host name belongs to a network if one of its addresses does, as with Docker.
public final class InsecureHosts {
    private static final int LAST_PORT = 65535;

    private final Set<String> names = new HashSet<>();
    private final List<Network> networks = new ArrayList<>();

    /// @throws IllegalArgumentException naming the entry that is neither a host nor a network
    public InsecureHosts(List<String> entries) {
        for (String entry : entries) {
            if (isHost(entry)) {
                names.add(entry.toLowerCase(Locale.ROOT));
                continue;
            }
            try {
                networks.add(Network.parse(entry));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "insecure registry %s is not valid: invalid host \"%s\"".formatted(entry, entry), e);
            }
        }
    }

    private static boolean isHost(String entry) {
        try {
            URI uri = URI.create("https://" + entry);
            return uri.getHost() != null
                    && entry.equals(uri.getRawAuthority())
                    && uri.getRawUserInfo() == null
                    && uri.getPort() <= LAST_PORT;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    /// Whether an address is one of these.
    ///
    /// @param authority `host` or `host:port`
    public boolean contains(String authority) {
        if (names.contains(authority.toLowerCase(Locale.ROOT))) {
            return true;
        }
        String host = URI.create("https://" + authority).getHost();
        return host != null && !networks.isEmpty() && addresses(host).stream().anyMatch(this::isInNetwork);
    }

    private boolean isInNetwork(InetAddress address) {
        return networks.stream().anyMatch(network -> network.contains(address));
    }

    private static List<InetAddress> addresses(String host) {
        try {
            return List.of(InetAddress.getAllByName(host));
        } catch (UnknownHostException _) {
            return List.of();
        }
    }
}
