package dev.gantry.cli.system;

import dev.gantry.cli.command.Command;
import dev.gantry.cli.command.CommandException;
import dev.gantry.cli.command.Operands;
import dev.gantry.cli.command.Session;
import dev.gantry.cli.create.CreateRequest;
import dev.gantry.cli.create.RunFlags;
import dev.gantry.cli.engine.Query;
import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.json.JsonWriter;
import dev.gantry.cli.option.Arguments;
import dev.gantry.cli.option.Flag;
import dev.gantry.cli.option.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `explain run …`: the launch program that `run …` would start, with the reason of each step. Nothing is created.
final class ExplainCommand {
    private static final int CLIENT_FAILURE = 125;

    private ExplainCommand() {}

    static Command group(Map<String, String> environment) {
        List<Flag> flags = new ArrayList<>(RunFlags.forRun(environment));
        flags.add(Flag.of("json", Kind.BOOL, "Print JSON"));
        return Command.group(
                "explain",
                "Show the system calls that start a container, and why each is there",
                List.of(Command.of(
                                "run",
                                "[OPTIONS] IMAGE [COMMAND] [ARG...]",
                                "Show the program that 'gantry run' would start for the same flags",
                                Operands.atLeast(1),
                                ExplainCommand::run)
                        .with(flags)
                        .withFlagsFirst()
                        .completing(Command.Completes.IMAGE_THEN_COMMAND)));
    }

    private static int run(Session session, Arguments flags) throws IOException {
        CreateRequest request;
        try {
            request = CreateRequest.of(flags, session.environment(), flags.isSet("detach"));
        } catch (IllegalArgumentException e) {
            throw new CommandException(
                    CLIENT_FAILURE,
                    "gantry: " + e.getMessage() + "\n\nRun 'gantry explain run --help' for more information");
        }
        Query query = new Query().withText("name", flags.text("name"));
        JsonValue explanation = session.engine().post("/gantry/explain", query, request.body(0, 0));
        if (flags.isSet("json")) {
            session.out().println(JsonWriter.indented(explanation));
            return 0;
        }
        String text = explanation.text("Text").isEmpty() ? explanation.text("text") : explanation.text("Text");
        if (text.isEmpty()) {
            throw new CommandException("the daemon's explanation has no text; use --json");
        }
        session.out().print(text.endsWith("\n") ? text : text + "\n");
        return 0;
    }
}
