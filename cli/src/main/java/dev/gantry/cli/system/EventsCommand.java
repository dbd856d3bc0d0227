package dev.gantry.cli.system;

import dev.gantry.cli.command.CommandException;
import dev.gantry.cli.command.Session;
import dev.gantry.cli.engine.Exchange;
import dev.gantry.cli.engine.Query;
import dev.gantry.cli.engine.Timestamps;
import dev.gantry.cli.format.Times;
import dev.gantry.cli.json.JsonReader;
import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.option.Arguments;
import dev.gantry.cli.template.Template;
import dev.gantry.cli.template.TemplateException;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// `events`: what happens in the daemon, as it happens.
final class EventsCommand {
    private static final int BAD_FORMAT = 64;
    private static final long BILLION = 1_000_000_000L;

    private EventsCommand() {}

    static int run(Session session, Arguments flags) throws IOException {
        Template template = template(flags.text("format"));
        Query query = new Query()
                .withText("since", Timestamps.parse(flags.text("since")))
                .withText("until", Timestamps.parse(flags.text("until")))
                .withFilters(flags.list("filter"));
        try (Exchange exchange = session.engine().stream("/events", query);
                JsonReader events = JsonReader.over(exchange.input())) {
            for (JsonValue event = events.next(); event != null; event = events.next()) {
                session.out().println(template == null ? text(event) : execute(template, event));
                session.out().flush();
                if (session.out().checkError()) {
                    return 1;
                }
            }
        }
        return 0;
    }

    private static @Nullable Template template(String format) throws CommandException {
        if (format.isEmpty()) {
            return null;
        }
        try {
            return Template.parse(format.equals("json") ? "{{json .}}" : format);
        } catch (TemplateException e) {
            throw new CommandException(BAD_FORMAT, "Error parsing format: " + e.getMessage());
        }
    }

    private static String execute(Template template, JsonValue event) throws CommandException {
        try {
            return template.execute(Inspected.of(event));
        } catch (TemplateException e) {
            throw new CommandException(String.valueOf(e.getMessage()));
        }
    }

    private static String text(JsonValue event) {
        long nanoseconds = event.number("timeNano");
        if (nanoseconds == 0) {
            nanoseconds = event.number("time") * BILLION;
        }
        JsonValue actor = event.get("Actor");
        String line = Times.nanoseconds(nanoseconds) + " " + event.text("Type") + " " + event.text("Action") + " "
                + actor.text("ID");
        Map<String, JsonValue> attributes =
                new TreeMap<>(actor.get("Attributes").members());
        return attributes.isEmpty()
                ? line
                : attributes.entrySet().stream()
                        .map(each -> each.getKey() + "=" + each.getValue().text())
                        .collect(Collectors.joining(", ", line + " (", ")"));
    }
}
