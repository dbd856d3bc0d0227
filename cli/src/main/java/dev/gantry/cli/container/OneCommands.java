package dev.gantry.cli.container;

import dev.gantry.cli.command.CommandException;
import dev.gantry.cli.command.Confirmation;
import dev.gantry.cli.command.Session;
import dev.gantry.cli.engine.Engine;
import dev.gantry.cli.engine.Exchange;
import dev.gantry.cli.engine.Query;
import dev.gantry.cli.engine.Timestamps;
import dev.gantry.cli.format.Formatter;
import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.option.Arguments;
import dev.gantry.cli.option.GoNumbers;
import dev.gantry.cli.stream.Demultiplexer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Commands about one container that print something or change one thing.
final class OneCommands {
    /// Docker's table of `top` is wider than its other ones.
    private static final int LEAST_WIDTH = 20;

    private static final int PADDING = 3;

    private OneCommands() {}

    static int logs(Session session, Arguments flags) throws IOException {
        Engine engine = session.engine();
        String tail = flags.text("tail");
        if (!tail.equals("all")) {
            requireNumber(tail);
        }
        JsonValue container = engine.get(Paths.of(flags.operand(0), "json"), new Query());
        Query query = new Query()
                .with("stdout", "1")
                .with("stderr", "1")
                .withText("since", Timestamps.parse(flags.text("since")))
                .withText("until", Timestamps.parse(flags.text("until")))
                .withFlag("timestamps", flags.isSet("timestamps"))
                .withFlag("details", flags.isSet("details"))
                .withFlag("follow", flags.isSet("follow"))
                .withText("tail", tail);
        try (Exchange exchange = engine.stream(Paths.of(container.text("Id"), "logs"), query)) {
            if (container.get("Config").isTrue("Tty")) {
                exchange.input().transferTo(session.output());
            } else {
                Demultiplexer.copy(exchange.input(), session.output(), session.err());
            }
        }
        return 0;
    }

    private static void requireNumber(String tail) throws CommandException {
        try {
            long _ = GoNumbers.parseInt(tail);
        } catch (IllegalArgumentException e) {
            throw new CommandException("invalid value for \"tail\": " + e.getMessage());
        }
    }

    static int top(Session session, Arguments flags) throws IOException {
        List<String> options = flags.operands().subList(1, flags.operands().size());
        Query query = new Query();
        if (!options.isEmpty()) {
            query.with("ps_args", String.join(" ", options));
        }
        JsonValue top = session.engine().get(Paths.of(flags.operand(0), "top"), query);
        StringBuilder out =
                new StringBuilder(String.join("\t", top.get("Titles").texts())).append('\n');
        top.items("Processes")
                .forEach(process ->
                        out.append(String.join("\t", process.texts())).append('\n'));
        session.out().print(Formatter.align(out.toString(), LEAST_WIDTH, PADDING));
        return 0;
    }

    static int rename(Session session, Arguments flags) throws IOException {
        String from = flags.operand(0).strip();
        String to = flags.operand(1).strip();
        if (from.isEmpty() || to.isEmpty()) {
            throw new CommandException("Error: Neither old nor new names may be empty");
        }
        session.engine().post(Paths.of(from, "rename"), new Query().with("name", to), null);
        return 0;
    }

    static int port(Session session, Arguments flags) throws IOException {
        String container = flags.operand(0);
        JsonValue ports = session.engine()
                .get(Paths.of(container, "json"), new Query())
                .get("NetworkSettings")
                .get("Ports");
        List<String> lines = new ArrayList<>();
        String wanted = flags.operand(1);
        if (!wanted.isEmpty()) {
            String port = wanted.contains("/") ? wanted : wanted + "/tcp";
            for (JsonValue binding : ports.items(port)) {
                lines.add(address(binding));
            }
            if (lines.isEmpty()) {
                throw new CommandException("Error: No public port '" + wanted + "' published for " + container);
            }
        } else {
            Map<String, JsonValue> sorted = new TreeMap<>(ports.members());
            sorted.forEach((port, bindings) ->
                    bindings.items().forEach(binding -> lines.add(port + " -> " + address(binding))));
        }
        lines.forEach(session.out()::println);
        return 0;
    }

    private static String address(JsonValue binding) {
        String ip = binding.text("HostIp");
        return (ip.contains(":") ? "[" + ip + "]" : ip) + ":" + binding.text("HostPort");
    }

    static int prune(Session session, Arguments flags) throws IOException {
        if (!flags.isSet("force") && !Confirmation.ask(session, """
                        WARNING! This will remove all stopped containers.
                        Are you sure you want to continue?""")) {
            return 0;
        }
        ContainerPrune.of(session, flags.list("filter")).print(session);
        return 0;
    }
}
