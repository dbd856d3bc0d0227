package dev.gantry.engine.spec;

import dev.gantry.engine.EngineException.Invalid;
import java.net.InetAddress;

/// The lines that a user adds to `/etc/hosts`.
final class ExtraHosts {
    private ExtraHosts() {}

    /// Checks `name:address` or `name=address`; an IPv6 address may stand in brackets.
    ///
    /// @throws Invalid with Docker's text
    static void check(String entry) {
        int separator = entry.indexOf('=') > 0 ? entry.indexOf('=') : entry.indexOf(':');
        if (separator < 1) {
            throw new Invalid("bad format for add-host: \"" + entry + "\"");
        }
        String address = entry.substring(separator + 1);
        boolean brackets = address.startsWith("[") && address.endsWith("]");
        String literal = brackets ? address.substring(1, address.length() - 1) : address;
        if (!isAddress(literal)) {
            throw new Invalid("invalid IP address in add-host: \"" + address + "\"");
        }
    }

    private static boolean isAddress(String literal) {
        // Java reads 1.2.3 as 1.2.0.3
        if (literal.indexOf(':') < 0 && literal.split("\\.", -1).length != 4) {
            return false;
        }
        try {
            InetAddress _ = InetAddress.ofLiteral(literal);
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
