package dev.gantry.cli.container;

import dev.gantry.cli.command.CommandException;
import dev.gantry.cli.command.Session;
import dev.gantry.cli.create.CreateRequest;
import dev.gantry.cli.engine.ApiException;
import dev.gantry.cli.engine.Query;
import dev.gantry.cli.image.ImageName;
import dev.gantry.cli.image.PullCommand;
import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.option.Arguments;
import dev.gantry.cli.stream.Tty;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/// `create`, and the part of `run` that is the same.
final class CreateCommand {
    private static final int CLIENT_FAILURE = 125;

    private CreateCommand() {}

    static int run(Session session, Arguments flags) throws IOException {
        session.out().println(create(session, flags, request(session, flags, "create", false)));
        return 0;
    }

    /// The request that the flags make; mistakes in them end with 125.
    static CreateRequest request(Session session, Arguments flags, String command, boolean detached)
            throws CommandException {
        try {
            String pull = flags.text("pull");
            if (!Set.of("always", "missing", "never", "").contains(pull)) {
                throw new IllegalArgumentException(
                        "invalid pull option: '" + pull + "': must be one of \"always\", \"missing\" or \"never\"");
            }
            return CreateRequest.of(flags, session.environment(), detached);
        } catch (IllegalArgumentException e) {
            throw new CommandException(CLIENT_FAILURE, "gantry: " + e.getMessage() + hint(command));
        }
    }

    static String hint(String command) {
        return "\n\nRun 'gantry " + command + " --help' for more information";
    }

    /// Creates the container and gives its ID. The ID file is made first, so that nothing is created where it exists.
    static String create(Session session, Arguments flags, CreateRequest request) throws IOException {
        String file = flags.text("cidfile");
        if (file.isEmpty()) {
            return send(session, flags, request);
        }
        Path path = Path.of(file);
        try {
            Files.createFile(path);
        } catch (FileAlreadyExistsException e) {
            throw new IOException(
                    "container ID file found, make sure the other container isn't running or delete " + file, e);
        } catch (IOException e) {
            throw new IOException("failed to create the container ID file: " + e.getMessage(), e);
        }
        try {
            String id = send(session, flags, request);
            Files.writeString(path, id, StandardOpenOption.WRITE);
            return id;
        } catch (IOException e) {
            Files.deleteIfExists(path);
            throw e;
        }
    }

    private static String send(Session session, Arguments flags, CreateRequest request) throws IOException {
        Tty.Size size = request.tty() ? Tty.size() : Tty.Size.NONE;
        Query query = new Query().withText("name", flags.text("name")).withText("platform", flags.text("platform"));
        JsonValue body = request.body(size.rows(), size.columns());
        ImageName image = ImageName.of(flags.operand(0)).withDefaultTag();
        if (flags.text("pull").equals("always")) {
            PullCommand.pull(session, image, flags.text("platform"), flags.isSet("quiet"));
        }
        JsonValue created;
        try {
            created = session.engine().post("/containers/create", query, body);
        } catch (ApiException e) {
            if (!isMissingImage(e) || !flags.text("pull").equals("missing")) {
                throw e;
            }
            if (!flags.isSet("quiet")) {
                session.err().println("Unable to find image '" + image.familiar() + "' locally");
            }
            PullCommand.pull(session, image, flags.text("platform"), flags.isSet("quiet"));
            created = session.engine().post("/containers/create", query, body);
        }
        created.items("Warnings").forEach(warning -> session.err().println("WARNING: " + warning.text()));
        return created.text("Id");
    }

    private static boolean isMissingImage(ApiException e) {
        String reason = String.valueOf(e.getMessage());
        return e.isNotFound()
                && (reason.contains("No such image") || reason.contains("does not match the specified platform"));
    }
}
