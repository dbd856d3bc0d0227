package dev.gantry.cli.system;

import dev.gantry.cli.command.CommandException;
import dev.gantry.cli.command.PlatformArgument;
import dev.gantry.cli.command.Session;
import dev.gantry.cli.engine.ApiException;
import dev.gantry.cli.engine.ImagePaths;
import dev.gantry.cli.engine.Query;
import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.json.JsonWriter;
import dev.gantry.cli.option.Arguments;
import dev.gantry.cli.template.Template;
import dev.gantry.cli.template.TemplateException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// `inspect` and its forms for one kind of object: JSON, or a template over it.
public final class InspectCommand {
    private static final List<String> TYPES =
            List.of("config", "container", "image", "network", "node", "plugin", "secret", "service", "task", "volume");
    private static final int BAD_FORMAT = 64;

    private InspectCommand() {}

    /// Fetches one object, or throws an error that says what is missing.
    @FunctionalInterface
    private interface Search {
        JsonValue find(String name) throws IOException;
    }

    static int any(Session session, Arguments flags) throws IOException {
        String type = flags.text("type");
        String known = "must be one of \"" + String.join("\", \"", TYPES) + "\"";
        if (flags.has("type") && type.isEmpty()) {
            throw new CommandException("type is empty: " + known);
        }
        if (!type.isEmpty() && !TYPES.contains(type)) {
            throw new CommandException("unknown type: \"" + type + "\": " + known);
        }
        boolean size = flags.isSet("size");
        return inspect(session, flags, name -> search(session, name, type, size));
    }

    /// `container inspect`
    public static int container(Session session, Arguments flags) throws IOException {
        boolean size = flags.isSet("size");
        return inspect(session, flags, name -> fetchContainer(session, name, size));
    }

    /// `image inspect`
    public static int image(Session session, Arguments flags) throws IOException {
        Query query = new Query().withText("platform", PlatformArgument.json(flags.text("platform")));
        return inspect(session, flags, name -> fetchImage(session, name, query));
    }

    /// `volume inspect`
    public static int volume(Session session, Arguments flags) throws IOException {
        return inspect(session, flags, name -> session.engine().get("/volumes/" + Query.encode(name), new Query()));
    }

    private static JsonValue fetchContainer(Session session, String name, boolean size) throws IOException {
        return session.engine().get("/containers/" + Query.encode(name) + "/json", new Query().withFlag("size", size));
    }

    private static JsonValue fetchImage(Session session, String name, Query query) throws IOException {
        return session.engine().get(ImagePaths.of(name, "json"), query);
    }

    private static JsonValue search(Session session, String name, String type, boolean size) throws IOException {
        for (String each : TYPES.contains(type) ? List.of(type) : List.of("container", "image", "network", "volume")) {
            try {
                JsonValue found = switch (each) {
                    case "container" -> fetchContainer(session, name, size);
                    case "image" -> fetchImage(session, name, new Query());
                    default -> session.engine().get("/" + each + "s/" + Query.encode(name), new Query());
                };
                if (size && !each.equals("container")) {
                    session.err().println("WARNING: --size ignored for " + each);
                }
                return found;
            } catch (ApiException e) {
                String message = String.valueOf(e.getMessage());
                boolean absent = e.isNotFound()
                        || e.status() == 501
                        || message.contains("not supported")
                        || message.contains("invalid reference format");
                if (!type.isEmpty() || !absent) {
                    throw e;
                }
            }
        }
        throw new CommandException("Error: No such object: " + name);
    }

    private static int inspect(Session session, Arguments flags, Search search) throws IOException {
        String format = flags.text("format");
        Template template = format.isEmpty() || format.equals("json") ? null : parse(format);
        List<JsonValue> found = new ArrayList<>();
        StringBuilder out = new StringBuilder();
        List<String> problems = new ArrayList<>();
        for (String name : flags.operands()) {
            try {
                JsonValue value = search.find(name);
                found.add(value);
                if (template != null) {
                    out.append(template.execute(Inspected.of(value))).append('\n');
                }
            } catch (TemplateException e) {
                problems.add("template parsing error: " + e.getMessage());
            } catch (IOException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        }
        if (template != null) {
            session.out().print(out.isEmpty() ? "\n" : out);
        } else {
            JsonValue all = new JsonValue.Items(found);
            session.out().println(format.isEmpty() ? JsonWriter.indented(all) : JsonWriter.escaped(all));
        }
        if (!problems.isEmpty()) {
            throw new CommandException(String.join("\n", problems));
        }
        return 0;
    }

    private static Template parse(String format) throws CommandException {
        try {
            return Template.parse(format);
        } catch (TemplateException e) {
            throw new CommandException(BAD_FORMAT, "template parsing error: " + e.getMessage());
        }
    }
}
