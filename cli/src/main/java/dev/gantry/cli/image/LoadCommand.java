package dev.gantry.cli.image;

import dev.gantry.cli.command.CommandException;
import dev.gantry.cli.command.PlatformArgument;
import dev.gantry.cli.command.Session;
import dev.gantry.cli.engine.Exchange;
import dev.gantry.cli.engine.Query;
import dev.gantry.cli.json.JsonReader;
import dev.gantry.cli.option.Arguments;
import dev.gantry.cli.stream.Tty;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// `load`: the images of an archive, from standard input or a file.
final class LoadCommand {
    private static final int STANDARD_INPUT = 0;
    private static final int STANDARD_OUTPUT = 1;

    private LoadCommand() {}

    static int run(Session session, Arguments flags) throws IOException {
        String file = flags.text("input");
        if (file.isEmpty() && Tty.isTerminal(STANDARD_INPUT)) {
            throw new CommandException("requested load from stdin, but stdin is empty");
        }
        boolean terminal = Tty.isTerminal(STANDARD_OUTPUT);
        Query query = new Query()
                .withText("platform", PlatformArgument.json(flags.text("platform")))
                .withFlag("quiet", flags.isSet("quiet") || !terminal);
        try (InputStream content = file.isEmpty() ? session.input() : open(file);
                Exchange exchange = session.engine().upload("/images/load", query, content, "application/x-tar");
                JsonReader messages = JsonReader.over(exchange.input())) {
            new ProgressDisplay(session.out(), terminal).show(messages);
        }
        return 0;
    }

    private static InputStream open(String file) throws IOException {
        try {
            return Files.newInputStream(Path.of(file));
        } catch (NoSuchFileException e) {
            throw new IOException("open " + file + ": no such file or directory", e);
        }
    }
}
