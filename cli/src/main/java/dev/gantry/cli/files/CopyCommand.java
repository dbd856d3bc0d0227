package dev.gantry.cli.files;

import dev.gantry.cli.command.CommandException;
import dev.gantry.cli.command.Session;
import dev.gantry.cli.engine.Query;
import dev.gantry.cli.option.Arguments;
import dev.gantry.cli.stream.Tty;
import java.io.IOException;

/// `cp`: which side is a container's.
final class CopyCommand {
    private static final int STANDARD_OUTPUT = 1;

    private CopyCommand() {}

    /// What is copied, and how.
    ///
    /// @param follow whether a link as source stands for what it leads to
    /// @param owners whether the container's user gets the files
    record Job(String container, String source, String destination, boolean follow, boolean owners, boolean quiet) {}

    private record Side(String container, String path) {
        /// A path with a slash or a dot in front of its first colon is local.
        static Side of(String text) {
            int colon = text.indexOf(':');
            boolean local = text.startsWith("/") || text.startsWith(".") || colon < 0;
            return local ? new Side("", text) : new Side(text.substring(0, colon), text.substring(colon + 1));
        }
    }

    static int run(Session session, Arguments flags) throws IOException {
        if (flags.operand(0).isEmpty()) {
            throw new CommandException("source can not be empty");
        }
        if (flags.operand(1).isEmpty()) {
            throw new CommandException("destination can not be empty");
        }
        Side source = Side.of(flags.operand(0));
        Side destination = Side.of(flags.operand(1));
        boolean from = !source.container().isEmpty();
        if (from && !destination.container().isEmpty()) {
            throw new CommandException("copying between containers is not supported");
        }
        if (!from && destination.container().isEmpty()) {
            throw new CommandException("must specify at least one container source");
        }
        Job job = new Job(
                from ? source.container() : destination.container(),
                source.path(),
                destination.path(),
                flags.isSet("follow-link"),
                flags.isSet("archive"),
                flags.has("quiet") ? flags.isSet("quiet") : !Tty.isTerminal(STANDARD_OUTPUT));
        if (from) {
            CopyOut.run(session, job);
        } else {
            CopyIn.run(session, job);
        }
        return 0;
    }

    static String archive(String container) {
        return "/containers/" + Query.encode(container) + "/archive";
    }
}
