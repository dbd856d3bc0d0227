package dev.gantry.cli.files;

import dev.gantry.cli.command.Command;
import dev.gantry.cli.command.Command.Completes;
import dev.gantry.cli.command.CommandException;
import dev.gantry.cli.command.Operands;
import dev.gantry.cli.command.Session;
import dev.gantry.cli.engine.Exchange;
import dev.gantry.cli.engine.Query;
import dev.gantry.cli.image.ImageName;
import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.option.Arguments;
import dev.gantry.cli.option.Flag;
import dev.gantry.cli.option.Kind;
import dev.gantry.cli.tar.ArchiveOutput;
import java.io.IOException;
import java.util.List;

/// The table of commands about the files of containers.
public final class FileCommands {

    private FileCommands() {}

    /// All of them; they are at the top and in the group `container`.
    public static List<Command> all() {
        return List.of(commit(), copy(), diff(), export());
    }

    private static Command copy() {
        return Command.of(
                        "cp",
                        "[OPTIONS] CONTAINER:SRC_PATH DEST_PATH|- | SRC_PATH|- CONTAINER:DEST_PATH",
                        "Copy files out of a container or into one",
                        Operands.exactly(2),
                        CopyCommand::run)
                .with(List.of(
                        Flag.of("archive", "a", Kind.BOOL, "Give what is copied into a container to its user"),
                        Flag.of("follow-link", "L", Kind.BOOL, "Copy what a symbolic link as source leads to"),
                        Flag.of(
                                "quiet",
                                "q",
                                Kind.BOOL,
                                "Show no progress, which is shown only where standard output is a terminal")))
                .completing(Completes.CONTAINERS)
                .alsoKnownAs("container cp", "cp");
    }

    private static Command diff() {
        return Command.of(
                        "diff",
                        "CONTAINER",
                        "List what a container has changed in its image's files",
                        Operands.exactly(1),
                        FileCommands::diff)
                .completing(Completes.CONTAINERS)
                .alsoKnownAs("container diff", "diff");
    }

    private static Command export() {
        return Command.of(
                        "export",
                        "[OPTIONS] CONTAINER",
                        "Write all files of a container as a tar archive",
                        Operands.exactly(1),
                        FileCommands::export)
                .with(List.of(Flag.of("output", "o", Kind.TEXT, "File to write to, instead of standard output")))
                .completing(Completes.CONTAINERS)
                .alsoKnownAs("container export", "export");
    }

    private static Command commit() {
        return Command.of(
                        "commit",
                        "[OPTIONS] CONTAINER [REPOSITORY[:TAG]]",
                        "Make an image of a container",
                        new Operands(1, 2),
                        FileCommands::commit)
                .with(List.of(
                        Flag.of("author", "a", Kind.TEXT, "Who has made the image"),
                        Flag.of("change", "c", Kind.LIST, "Dockerfile instruction to apply to the image"),
                        Flag.of("message", "m", Kind.TEXT, "Comment of the image"),
                        Flag.of("pause", "p", Kind.BOOL, "Freeze the container's processes meanwhile")
                                .withDefault("true")))
                .completing(Completes.CONTAINERS)
                .alsoKnownAs("container commit", "commit");
    }

    private static int diff(Session session, Arguments flags) throws IOException {
        JsonValue changes = session.engine().get(path(flags.operand(0), "changes"), new Query());
        for (JsonValue change : changes.items()) {
            int kind = (int) change.number("Kind");
            session.out().println("CAD".charAt(Math.clamp(kind, 0, 2)) + " " + change.text("Path"));
        }
        return 0;
    }

    private static int export(Session session, Arguments flags) throws IOException {
        ArchiveOutput output = ArchiveOutput.of(flags.text("output"), "failed to export container");
        try (Exchange exchange = session.engine().stream(path(flags.operand(0), "export"), new Query())) {
            output.write(session, exchange.input());
        }
        return 0;
    }

    private static int commit(Session session, Arguments flags) throws IOException {
        Query query = new Query()
                .withText("author", flags.text("author"))
                .withText("comment", flags.text("message"))
                .with("container", flags.operand(0));
        flags.list("change").forEach(change -> query.with("changes", change));
        if (!flags.isSet("pause")) {
            query.with("pause", "0");
        }
        String reference = flags.operand(1);
        if (!reference.isEmpty()) {
            if (reference.contains("@")) {
                throw new CommandException("refusing to create a tag with a digest reference");
            }
            ImageName name = ImageName.of(reference).withDefaultTag();
            query.with("repo", name.name()).with("tag", name.version());
        }
        session.out().println(session.engine().post("/commit", query, null).text("Id"));
        return 0;
    }

    private static String path(String container, String what) {
        return "/containers/" + Query.encode(container) + "/" + what;
    }
}
