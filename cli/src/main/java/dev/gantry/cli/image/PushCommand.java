package dev.gantry.cli.image;

import dev.gantry.cli.command.CommandException;
import dev.gantry.cli.command.PlatformArgument;
import dev.gantry.cli.command.Session;
import dev.gantry.cli.configuration.Credentials;
import dev.gantry.cli.engine.Exchange;
import dev.gantry.cli.engine.ImagePaths;
import dev.gantry.cli.engine.Query;
import dev.gantry.cli.format.Note;
import dev.gantry.cli.json.JsonReader;
import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.option.Arguments;
import dev.gantry.cli.stream.Tty;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// `push`.
final class PushCommand {
    private static final int STANDARD_OUTPUT = 1;

    private PushCommand() {}

    static int run(Session session, Arguments flags) throws IOException {
        boolean terminal = Tty.isTerminal(STANDARD_OUTPUT);
        Query query = new Query();
        String platform = flags.text("platform");
        if (!platform.isEmpty()) {
            query.with("platform", PlatformArgument.json(platform));
            session.out().print(Note.of(PLATFORM, terminal));
        }
        boolean quiet = flags.isSet("quiet");
        ImageName name = ImageName.of(flags.operand(0));
        if (!flags.isSet("all-tags") && name.version().contains(":")) {
            throw new CommandException("cannot push a digest reference");
        }
        name = name.toTransfer(session, flags);
        PrintStream out = quiet ? new PrintStream(PrintStream.nullOutputStream()) : session.out();
        List<String> notes = new ArrayList<>();
        try {
            Consumer<JsonValue> told = message -> note(message).ifPresent(lines -> notes.add(Note.of(lines, terminal)));
            push(session, name, query.withText("tag", name.version()), new ProgressDisplay(out, terminal, told));
        } finally {
            notes.forEach(session.out()::print);
        }
        if (quiet) {
            session.out().println(name.canonical());
        }
        return 0;
    }

    private static final List<String> PLATFORM = List.of(
            "Using --platform pushes only the specified platform manifest of a multi-platform image index.",
            "Other components, like attestations, will not be included.",
            "To push the complete multi-platform image, remove the --platform flag.",
            "");

    private static final List<String> INCOMPLETE = List.of(
            "You're trying to push a manifest list/index which references multiple platform specific manifests, but not"
                    + " all of them are available locally or available to the remote repository.",
            "",
            "Make sure you have all the referenced content and try again.",
            "",
            "You can also push only a single platform specific manifest directly by specifying the platform you want"
                    + " to push with the --platform flag.");

    /// What Docker's client says to a message for programs.
    private static Optional<List<String>> note(JsonValue message) {
        if (message.isTrue("manifestPushedInsteadOfIndex")) {
            return Optional.of(List.of(
                    "Not all multiplatform-content is present and only the available single-platform image was pushed",
                    "\033[31m%s\033[0m -> \033[32m%s\033[0m"
                            .formatted(
                                    message.get("originalIndex").text("digest"),
                                    message.get("selectedManifest").text("digest"))));
        }
        return message.isTrue("contentMissing") ? Optional.of(INCOMPLETE) : Optional.empty();
    }

    private static void push(Session session, ImageName name, Query query, ProgressDisplay display) throws IOException {
        Map<String, String> headers = Credentials.header(session, name.domain());
        String path = ImagePaths.of(name.name(), "push");
        try (Exchange exchange = session.engine().streamPostWithHeaders(path, query, headers);
                JsonReader messages = JsonReader.over(exchange.input())) {
            display.show(messages);
        }
    }
}
