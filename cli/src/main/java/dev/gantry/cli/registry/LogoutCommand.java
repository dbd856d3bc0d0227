package dev.gantry.cli.registry;

import dev.gantry.cli.command.Session;
import dev.gantry.cli.configuration.Credentials;
import dev.gantry.cli.option.Arguments;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `logout`: forgets the login, under every name that a client may have given the registry.
final class LogoutCommand {
    private LogoutCommand() {}

    static int run(Session session, Arguments flags) {
        String server = flags.operand(0);
        String host = server.isEmpty() ? Credentials.DOCKER_HUB : Credentials.hostname(server);
        Set<String> names = new LinkedHashSet<>(
                server.isEmpty() ? List.of(host) : List.of(server, host, "http://" + host, "https://" + host));
        session.out().println("Removing login credentials for " + host);
        session.out().flush();
        Map<String, String> problems = new LinkedHashMap<>();
        for (String name : names) {
            try {
                Credentials.of(session, name).erase(name);
            } catch (IOException e) {
                problems.put(name, String.valueOf(e.getMessage()));
            }
        }
        if (problems.size() == names.size()) {
            session.err().println("WARNING: could not erase credentials:");
            problems.forEach((name, problem) -> session.err().println(name + ": " + problem));
        }
        return 0;
    }
}
