package dev.gantry.cli.image;

import dev.gantry.cli.command.PlatformArgument;
import dev.gantry.cli.command.Session;
import dev.gantry.cli.engine.Exchange;
import dev.gantry.cli.engine.Query;
import dev.gantry.cli.option.Arguments;
import dev.gantry.cli.tar.ArchiveOutput;
import java.io.IOException;

/// `save`: an archive of images, to standard output or a file.
final class SaveCommand {
    private SaveCommand() {}

    static int run(Session session, Arguments flags) throws IOException {
        ArchiveOutput output = ArchiveOutput.of(flags.text("output"), "failed to save image");
        Query query = new Query();
        flags.operands().forEach(image -> query.with("names", image));
        query.withText("platform", PlatformArgument.json(flags.text("platform")));
        try (Exchange exchange = session.engine().stream("/images/get", query)) {
            output.write(session, exchange.input());
        }
        return 0;
    }
}
