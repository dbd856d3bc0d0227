package dev.gantry.cli.container;

import dev.gantry.cli.command.CommandException;
import dev.gantry.cli.command.Session;
import dev.gantry.cli.configuration.ConfigurationFile;
import dev.gantry.cli.create.ExecRequest;
import dev.gantry.cli.engine.Engine;
import dev.gantry.cli.engine.Exchange;
import dev.gantry.cli.engine.Query;
import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.option.Arguments;
import dev.gantry.cli.stream.AttachedStreams;
import dev.gantry.cli.stream.DetachKeys;
import dev.gantry.cli.stream.Screen;
import dev.gantry.cli.stream.Tty;
import java.io.IOException;
import java.util.List;

/// `exec`: a further process in a container.
final class ExecCommand {
    private ExecCommand() {}

    static int run(Session session, Arguments flags) throws IOException {
        Engine engine = session.engine();
        DetachKeys keys = ConfigurationFile.detachKeys(session, flags);
        boolean detached = flags.isSet("detach");
        boolean terminal = flags.isSet("tty");
        boolean input = flags.isSet("interactive") && !detached;
        if (input && terminal && !Tty.isTerminal(0)) {
            throw new CommandException("the input device is not a TTY");
        }
        String container = flags.operand(0);
        JsonValue config = config(session, flags);
        engine.get(Paths.of(container, "json"), new Query());
        String id =
                engine.post(Paths.of(container, "exec"), new Query(), config).text("Id");
        JsonValue.Builder startOptions =
                JsonValue.object().put("Detach", detached).put("Tty", terminal);
        if (terminal && !detached && Tty.isTerminal(0) && engine.speaks("1.42")) {
            // so that the program finds the size at its start, and not only once it is followed
            startOptions.put("ConsoleSize", consoleSize(Tty.size()));
        }
        JsonValue start = startOptions.build();
        String path = "/exec/" + Query.encode(id);
        if (detached) {
            engine.post(path + "/start", new Query(), start);
            return 0;
        }
        try (Exchange exchange = engine.hijack(path + "/start", new Query(), start)) {
            AttachedStreams streams = AttachedStreams.start(
                    exchange,
                    new AttachedStreams.Ties(
                            input ? session.input() : null,
                            session.output(),
                            session.err(),
                            terminal,
                            terminal ? keys : null));
            if (terminal && Tty.isTerminal(0)) {
                Screen.follow(engine, path);
            }
            return switch (streams.await()) {
                case DETACHED -> 0;
                case ENDED -> (int) engine.get(path + "/json", new Query()).number("ExitCode");
            };
        }
    }

    private static JsonValue consoleSize(Tty.Size size) {
        return new JsonValue.Items(List.of(
                new JsonValue.Numeral(Integer.toString(size.rows())),
                new JsonValue.Numeral(Integer.toString(size.columns()))));
    }

    private static JsonValue config(Session session, Arguments flags) throws CommandException {
        try {
            return ExecRequest.body(flags, session.environment());
        } catch (IllegalArgumentException e) {
            throw new CommandException(String.valueOf(e.getMessage()));
        }
    }
}
