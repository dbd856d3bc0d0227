package dev.gantry.cli.container;

import dev.gantry.cli.command.CommandException;
import dev.gantry.cli.command.Session;
import dev.gantry.cli.create.UpdateRequest;
import dev.gantry.cli.engine.Query;
import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.option.Arguments;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// `update`: other limits for containers.
final class UpdateCommand {
    private UpdateCommand() {}

    static int run(Session session, Arguments flags) throws IOException {
        if (flags.isEmpty()) {
            throw new CommandException("you must provide one or more flags when using this command");
        }
        JsonValue change = body(flags);
        List<String> warnings = Collections.synchronizedList(new ArrayList<>());
        try {
            return ManyCommands.each(session, flags, (engine, container) -> {
                JsonValue answer = engine.post(Paths.of(container, "update"), new Query(), change);
                warnings.addAll(answer.get("Warnings").texts());
                return container;
            });
        } finally {
            warnings.forEach(session.out()::println);
        }
    }

    private static JsonValue body(Arguments flags) throws CommandException {
        try {
            return UpdateRequest.of(flags);
        } catch (IllegalArgumentException e) {
            throw new CommandException(String.valueOf(e.getMessage()));
        }
    }
}
