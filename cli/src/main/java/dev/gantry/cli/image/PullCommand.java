package dev.gantry.cli.image;

import dev.gantry.cli.command.CommandException;
import dev.gantry.cli.command.Session;
import dev.gantry.cli.engine.Exchange;
import dev.gantry.cli.engine.Query;
import dev.gantry.cli.json.JsonReader;
import dev.gantry.cli.option.Arguments;
import dev.gantry.cli.stream.Tty;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;

/// `pull`, and the pull of `run` and `create`.
public final class PullCommand {
    private static final int STANDARD_OUTPUT = 1;
    private static final int STANDARD_ERROR = 2;

    private PullCommand() {}

    static int run(Session session, Arguments flags) throws IOException {
        ImageName name = ImageName.of(flags.operand(0));
        boolean all = flags.isSet("all-tags");
        boolean quiet = flags.isSet("quiet");
        if (all && !name.version().isEmpty()) {
            throw new CommandException("tag can't be used with --all-tags/-a");
        }
        if (!all && name.version().isEmpty()) {
            name = name.withDefaultTag();
            if (!quiet) {
                session.out().println("Using default tag: latest");
                session.out().flush();
            }
        }
        PrintStream out = quiet ? new PrintStream(PrintStream.nullOutputStream()) : session.out();
        pull(session, name, flags.text("platform"), new ProgressDisplay(out, Tty.isTerminal(STANDARD_OUTPUT)));
        session.out().println(name.canonical());
        return 0;
    }

    /// Pulls what a container is to be made of; the progress goes to standard error.
    public static void pull(Session session, ImageName name, String platform, boolean quiet) throws IOException {
        PrintStream out = quiet ? new PrintStream(PrintStream.nullOutputStream()) : session.err();
        pull(session, name, platform, new ProgressDisplay(out, Tty.isTerminal(STANDARD_ERROR)));
    }

    private static void pull(Session session, ImageName name, String platform, ProgressDisplay display)
            throws IOException {
        Query query = new Query()
                .with("fromImage", name.name())
                .withText("tag", name.version())
                .withText("platform", platform);
        Map<String, String> headers = RegistryLogins.header(session, name.domain());
        try (Exchange exchange = session.engine().streamPostWithHeaders("/images/create", query, headers);
                JsonReader messages = JsonReader.over(exchange.input())) {
            display.show(messages);
        }
    }
}
