package dev.gantry.cli.image;

import dev.gantry.cli.command.Session;
import dev.gantry.cli.configuration.Credentials;
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
        boolean quiet = flags.isSet("quiet");
        ImageName name = ImageName.of(flags.operand(0)).toTransfer(session, flags);
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
        Map<String, String> headers = Credentials.header(session, name.domain());
        try (Exchange exchange = session.engine().streamPostWithHeaders("/images/create", query, headers);
                JsonReader messages = JsonReader.over(exchange.input())) {
            display.show(messages);
        }
    }
}
