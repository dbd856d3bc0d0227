package dev.gantry.cli.system;

import dev.gantry.cli.command.Command;
import dev.gantry.cli.command.CommandException;
import dev.gantry.cli.command.Operands;
import dev.gantry.cli.command.Session;
import dev.gantry.cli.create.CreateRequest;
import dev.gantry.cli.create.ExecRequest;
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

/// `explain run …` and `explain exec …`: the launch program that `run …` or `exec …` would start, with the reason of
/// each step. Nothing is created.
final class ExplainCommand {
    private static final int CLIENT_FAILURE = 125;

    private ExplainCommand() {}

    static Command group(Map<String, String> environment) {
        return Command.group(
                "explain",
                "Show the system calls that start a container or a command in it, and why each is there",
                List.of(
                        Command.of(
                                        "exec",
                                        "[OPTIONS] CONTAINER COMMAND [ARG...]",
                                        "Show the program that 'gantry exec' would start for the same flags",
                                        Operands.atLeast(2),
                                        ExplainCommand::exec)
                                .with(withJson(ExecRequest.flags(environment)))
                                .withFlagsFirst()
                                .completing(Command.Completes.RUNNING),
                        Command.of(
                                        "run",
                                        "[OPTIONS] IMAGE [COMMAND] [ARG...]",
                                        "Show the program that 'gantry run' would start for the same flags",
                                        Operands.atLeast(1),
                                        ExplainCommand::run)
                                .with(withJson(RunFlags.forRun(environment)))
                                .withFlagsFirst()
                                .completing(Command.Completes.IMAGE_THEN_COMMAND)));
    }

    private static List<Flag> withJson(List<Flag> flags) {
        List<Flag> all = new ArrayList<>(flags);
        all.add(Flag.of("json", Kind.BOOL, "Print JSON"));
        return all;
    }

    private static int exec(Session session, Arguments flags) throws IOException {
        JsonValue body;
        try {
            body = ExecRequest.body(flags, session.environment());
        } catch (IllegalArgumentException e) {
            throw new CommandException(String.valueOf(e.getMessage()));
        }
        String path = "/gantry/explain/" + Query.encode(flags.operand(0)) + "/exec";
        return print(session, flags, session.engine().post(path, new Query(), body));
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
        return print(session, flags, session.engine().post("/gantry/explain", query, request.body(0, 0)));
    }

    private static int print(Session session, Arguments flags, JsonValue explanation) throws CommandException {
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
