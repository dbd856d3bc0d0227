package dev.gantry.cli.container;

import dev.gantry.cli.command.CommandException;
import dev.gantry.cli.command.Session;
import dev.gantry.cli.configuration.ConfigurationFile;
import dev.gantry.cli.engine.Engine;
import dev.gantry.cli.engine.Exchange;
import dev.gantry.cli.engine.Query;
import dev.gantry.cli.format.Formatter;
import dev.gantry.cli.format.Row;
import dev.gantry.cli.format.Shortened;
import dev.gantry.cli.json.JsonReader;
import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.option.Arguments;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/// `stats`: what containers use of the host, again and again or once.
final class StatsCommand {
    private static final String TABLE = "table {{.ID}}\\t{{.Name}}\\t{{.CPUPerc}}\\t{{.MemUsage}}\\t{{.MemPerc}}"
            + "\\t{{.NetIO}}\\t{{.BlockIO}}\\t{{.PIDs}}";
    private static final Map<String, String> HEADINGS = Map.of(
            "Container", "CONTAINER",
            "Name", "NAME",
            "ID", "CONTAINER ID",
            "CPUPerc", "CPU %",
            "MemUsage", "MEM USAGE / LIMIT",
            "MemPerc", "MEM %",
            "NetIO", "NET I/O",
            "BlockIO", "BLOCK I/O",
            "PIDs", "PIDS");
    private static final int INTERVAL_MILLIS = 500;
    private static final String HOME = "\033[H";
    private static final String ERASE_LINE = " \033[K\n";
    private static final String ERASE_BELOW = "\033[J";

    private final Session session;
    private final boolean all;
    private final boolean once;
    private final boolean shortened;
    private final List<WatchedContainer> watched = new CopyOnWriteArrayList<>();
    private volatile boolean ended;

    private StatsCommand(Session session, Arguments flags) {
        this.session = session;
        this.all = flags.isSet("all");
        this.once = flags.isSet("no-stream");
        this.shortened = !flags.isSet("no-trunc");
    }

    static int run(Session session, Arguments flags) throws IOException {
        String given = flags.text("format");
        if (given.isEmpty()) {
            given = ConfigurationFile.text(session, "statsFormat");
        }
        boolean table = given.isEmpty() || given.equals("table");
        return new StatsCommand(session, flags).run(flags.operands(), table ? TABLE : given);
    }

    private int run(List<String> containers, String format) throws IOException {
        try {
            if (containers.isEmpty()) {
                watchAll();
            } else {
                containers.forEach(this::watch);
                for (WatchedContainer each : watched) {
                    each.awaitFirst();
                }
                reportProblems();
            }
            return once ? printOnce(format) : printUntilTheEnd(format);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void watch(String container) {
        if (watched.stream().noneMatch(each -> each.container().equals(container))) {
            watched.add(WatchedContainer.start(session.engine(), container, once));
        }
    }

    /// Those that are there, and those that come; the events are asked for first, so that none is missed.
    private void watchAll() throws IOException, InterruptedException {
        Engine engine = session.engine();
        if (!once) {
            Exchange events = engine.stream("/events", new Query().withFilters(List.of("type=container")));
            Thread.ofVirtual().name("events").start(() -> follow(events));
        }
        JsonValue containers = engine.get("/containers/json", new Query().withFlag("all", all));
        containers.items().forEach(each -> watch(Shortened.id(each.text("Id"))));
        for (WatchedContainer each : watched) {
            each.awaitFirst();
        }
    }

    private void follow(Exchange exchange) {
        try (exchange;
                JsonReader events = JsonReader.over(exchange.input())) {
            for (JsonValue event = events.next(); event != null; event = events.next()) {
                String id = Shortened.id(event.get("Actor").text("ID"));
                String action = event.text("Action");
                if (action.equals("start") || (all && action.equals("create"))) {
                    watch(id);
                } else if (action.equals("destroy") || (!all && action.equals("die"))) {
                    watched.removeIf(each -> each.container().equals(id));
                }
            }
        } catch (IOException _) {
            // the daemon has gone; the table ends with it
        } finally {
            ended = true;
        }
    }

    private void reportProblems() throws CommandException {
        List<String> problems = new ArrayList<>();
        for (WatchedContainer each : watched) {
            IOException problem = each.problem();
            if (problem != null) {
                problems.add(String.valueOf(problem.getMessage()));
            }
        }
        if (!problems.isEmpty()) {
            throw new CommandException(String.join("\n", problems));
        }
    }

    private int printOnce(String format) throws CommandException {
        session.out().print(text(format));
        return 0;
    }

    /// Writes each table over the last, and erases what that had more.
    private int printUntilTheEnd(String format) throws CommandException, InterruptedException {
        while (!ended) {
            Thread.sleep(INTERVAL_MILLIS);
            String text = text(format);
            session.out().print(text.lines().collect(Collectors.joining(ERASE_LINE, HOME, ERASE_LINE + ERASE_BELOW)));
            session.out().flush();
            if (session.out().checkError()) {
                return 1;
            }
        }
        return 0;
    }

    private String text(String format) throws CommandException {
        List<Row> rows = watched.stream().map(each -> each.row(shortened).row()).toList();
        return new Formatter(format, HEADINGS).format(rows);
    }
}
