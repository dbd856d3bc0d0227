package dev.gantry.cli.system;

import dev.gantry.cli.command.CommandException;
import dev.gantry.cli.command.Session;
import dev.gantry.cli.engine.Engine;
import dev.gantry.cli.engine.Query;
import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.option.Arguments;
import dev.gantry.cli.template.Template;
import dev.gantry.cli.template.TemplateException;
import java.io.IOException;
import java.util.List;

/// `info`: what the daemon has and can.
final class InfoCommand {
    private static final int BAD_FORMAT = 64;

    private InfoCommand() {}

    static int run(Session session, Arguments flags) throws IOException {
        String format = flags.text("format");
        if (!format.isEmpty()) {
            return formatted(session, format);
        }
        session.out().println("Client:");
        session.out().println(" Version:    " + Build.VERSION);
        session.out().println(" Context:    default");
        session.out().println(" Debug Mode: " + session.debug());
        session.out().println();
        session.out().println("Server:");
        session.out().flush();
        JsonValue info = session.engine().get("/info", new Query());
        session.out().print(new InfoText(info, session.debug()).text());
        session.out().flush();
        info.items("Warnings").forEach(warning -> session.err().println(warning.text()));
        return 0;
    }

    private static int formatted(Session session, String format) throws IOException {
        Template template;
        try {
            template = Template.parse(format.equals("json") ? "{{json .}}" : format);
        } catch (TemplateException e) {
            throw new CommandException(BAD_FORMAT, "template parsing error: " + e.getMessage());
        }
        JsonValue.Builder all = JsonValue.object();
        session.engine().get("/info", new Query()).members().forEach(all::put);
        all.put("ClientInfo", client(session));
        try {
            session.out().println(template.execute(Inspected.of(all.build())));
        } catch (TemplateException e) {
            throw new CommandException(String.valueOf(e.getMessage()));
        }
        return 0;
    }

    private static JsonValue client(Session session) {
        JsonValue.Builder client = JsonValue.object().put("Debug", session.debug());
        VersionCommand.client(Engine.NEWEST_VERSION).members().forEach((name, value) -> {
            if (!name.equals("ApiVersion")) {
                client.put(name, value);
            }
        });
        return client.put("Plugins", List.of())
                .put("Warnings", JsonValue.Null.NULL)
                .build();
    }
}
