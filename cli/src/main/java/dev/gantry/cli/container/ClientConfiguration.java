package dev.gantry.cli.container;

import dev.gantry.cli.command.CommandException;
import dev.gantry.cli.command.Session;
import dev.gantry.cli.json.JsonReader;
import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.option.Arguments;
import dev.gantry.cli.stream.DetachKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;

/// The user's own settings in `config.json`: detach keys and formats, under Docker's names.
final class ClientConfiguration {
    private ClientConfiguration() {}

    /// A setting, or an empty text. A file that cannot be read is reported and counts as empty.
    static String text(Session session, String name) {
        try {
            return JsonReader.read(Files.readString(session.configuration().resolve("config.json")))
                    .text(name);
        } catch (NoSuchFileException _) {
            return "";
        } catch (IOException e) {
            session.err().println("WARNING: Error loading config file: " + e.getMessage());
            return JsonValue.Null.NULL.text();
        }
    }

    /// The keys of the flag, else of the configuration, else Docker's.
    static DetachKeys detachKeys(Session session, Arguments flags) throws CommandException {
        String keys = flags.text("detach-keys");
        try {
            return DetachKeys.parse(keys.isEmpty() ? text(session, "detachKeys") : keys);
        } catch (IllegalArgumentException e) {
            throw new CommandException(String.valueOf(e.getMessage()));
        }
    }
}
