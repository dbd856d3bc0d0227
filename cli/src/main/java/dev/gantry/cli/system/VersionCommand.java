package dev.gantry.cli.system;

import dev.gantry.cli.command.CommandException;
import dev.gantry.cli.command.Session;
import dev.gantry.cli.engine.Engine;
import dev.gantry.cli.engine.Query;
import dev.gantry.cli.format.Formatter;
import dev.gantry.cli.format.Times;
import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.option.Arguments;
import dev.gantry.cli.template.Template;
import dev.gantry.cli.template.TemplateException;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/// `version`: the client's and, where it answers, the daemon's.
final class VersionCommand {
    private static final int BAD_FORMAT = 64;
    private static final int LEAST_WIDTH = 20;

    private VersionCommand() {}

    static int run(Session session, Arguments flags) throws IOException {
        String format = flags.text("format");
        Template template = format.isEmpty() ? null : parse(format.equals("json") ? "{{json .}}" : format);
        IOException problem = null;
        JsonValue server = JsonValue.Null.NULL;
        String agreed = Engine.NEWEST_VERSION;
        try {
            agreed = session.engine().version();
            server = server(session.engine().get("/version", new Query()));
        } catch (IOException e) {
            problem = e;
        }
        JsonValue client = client(agreed);
        if (template == null) {
            String text = clientText(client) + (server.isNull() ? "" : serverText(server));
            session.out().print(Formatter.align(text + "\n", LEAST_WIDTH, 1));
        } else {
            JsonValue all = JsonValue.object()
                    .put("Client", client)
                    .put("Server", server)
                    .build();
            try {
                session.out().println(template.execute(Inspected.of(all)));
            } catch (TemplateException e) {
                throw new CommandException(String.valueOf(e.getMessage()));
            }
        }
        if (problem != null) {
            throw problem;
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

    static JsonValue client(String agreed) {
        return JsonValue.object()
                .put("Version", Build.VERSION)
                .put("ApiVersion", agreed)
                .put("DefaultAPIVersion", Engine.NEWEST_VERSION)
                .put("GitCommit", Build.commit())
                .put("GoVersion", "")
                .put("JavaVersion", Runtime.version().toString())
                .put("Os", "linux")
                .put("Arch", Build.architecture())
                .put("BuildTime", Times.buildTime(Build.time()))
                .put("Context", "default")
                .build();
    }

    /// The daemon's answer with its build time as people read it.
    private static JsonValue server(JsonValue version) {
        JsonValue.Builder shown = JsonValue.object();
        version.members().forEach((name, value) -> {
            switch (name) {
                case "BuildTime" -> shown.put(name, Times.buildTime(value.text()));
                case "Components" ->
                    shown.put(
                            name,
                            new JsonValue.Items(value.items().stream()
                                    .map(VersionCommand::component)
                                    .toList()));
                default -> shown.put(name, value);
            }
        });
        return shown.build();
    }

    private static JsonValue component(JsonValue component) {
        JsonValue.Builder shown = JsonValue.object();
        component.members().forEach(shown::put);
        JsonValue.Builder details = JsonValue.object();
        component
                .get("Details")
                .members()
                .forEach((name, value) -> details.put(
                        name, name.equals("BuildTime") ? new JsonValue.Text(Times.buildTime(value.text())) : value));
        return shown.put("Details", details.build()).build();
    }

    private static String clientText(JsonValue client) {
        String agreed = client.text("ApiVersion");
        String newest = client.text("DefaultAPIVersion");
        return "Client:\n"
                + " Version:\t" + client.text("Version") + "\n"
                + " API version:\t" + agreed
                + (agreed.equals(newest) ? "" : " (downgraded from " + newest + ")") + "\n"
                + " Java version:\t" + client.text("JavaVersion") + "\n"
                + " Git commit:\t" + client.text("GitCommit") + "\n"
                + " Built:\t" + client.text("BuildTime") + "\n"
                + " OS/Arch:\t" + client.text("Os") + "/" + client.text("Arch") + "\n"
                + " Context:\t" + client.text("Context");
    }

    private static String serverText(JsonValue server) {
        String platform = server.get("Platform").text("Name");
        StringBuilder out = new StringBuilder("\n\nServer:").append(platform.isEmpty() ? "" : " " + platform);
        for (JsonValue component : server.items("Components")) {
            out.append("\n ").append(component.text("Name")).append(':');
            if (component.text("Name").equals("Engine")) {
                out.append(engineText(component));
            } else {
                out.append("\n  Version:\t").append(component.text("Version"));
                Map<String, JsonValue> details =
                        new TreeMap<>(component.get("Details").members());
                details.forEach((name, value) ->
                        out.append("\n  ").append(name).append(":\t").append(value.text()));
            }
        }
        return out.toString();
    }

    private static String engineText(JsonValue component) {
        JsonValue details = component.get("Details");
        String language = details.text("GoVersion").isEmpty() ? "Java" : "Go";
        return "\n  Version:\t" + component.text("Version")
                + "\n  API version:\t" + details.text("ApiVersion")
                + " (minimum version " + details.text("MinAPIVersion") + ")"
                + "\n  " + language + " version:\t" + details.text(language + "Version")
                + "\n  Git commit:\t" + details.text("GitCommit")
                + "\n  Built:\t" + details.text("BuildTime")
                + "\n  OS/Arch:\t" + details.text("Os") + "/" + details.text("Arch")
                + "\n  Experimental:\t" + details.text("Experimental");
    }
}
