package dev.gantry.cli.image;

import dev.gantry.cli.command.CommandException;
import dev.gantry.cli.format.Human;
import dev.gantry.cli.json.JsonReader;
import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.stream.Tty;
import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/// The progress of a pull, a push or a load, as Docker's client draws it: on a terminal a line for each layer, which
/// changes; elsewhere a line for each message, and nothing for how far a layer is.
final class ProgressDisplay {
    private static final int WIDTH_WITHOUT_TERMINAL = 200;
    private static final int WIDTH_FOR_A_BAR = 110;
    private static final int BAR = 50;

    private final PrintStream out;
    private final boolean terminal;
    /// The line of each part, counted from the first.
    private final Map<String, Integer> lines = new LinkedHashMap<>();
    /// What is for programs.
    private final Consumer<JsonValue> auxiliary;

    ProgressDisplay(PrintStream out, boolean terminal) {
        this(out, terminal, _ -> {});
    }

    /// @param auxiliary takes what messages say to programs, and nothing shows
    ProgressDisplay(PrintStream out, boolean terminal, Consumer<JsonValue> auxiliary) {
        this.out = out;
        this.terminal = terminal;
        this.auxiliary = auxiliary;
    }

    /// Shows messages to their end.
    ///
    /// @throws CommandException with the text of a message that tells of a failure
    void show(JsonReader messages) throws IOException {
        for (JsonValue message = messages.next(); message != null; message = messages.next()) {
            String error = message.get("errorDetail").text("message");
            if (!error.isEmpty() || !message.text("error").isEmpty()) {
                out.flush();
                throw new CommandException(error.isEmpty() ? message.text("error") : error);
            }
            if (message.get("aux").isNull()) {
                show(message);
                out.flush();
            } else {
                auxiliary.accept(message.get("aux"));
            }
        }
    }

    private void show(JsonValue message) {
        String id = message.text("id");
        boolean changes = !id.isEmpty() && !message.get("progressDetail").isNull();
        if (!changes) {
            lines.clear();
            print(message, false);
            return;
        }
        if (!terminal) {
            print(message, false);
            return;
        }
        int line = lines.computeIfAbsent(id, _ -> {
            out.print('\n');
            return lines.size();
        });
        int up = lines.size() - line;
        out.printf("\033[%dA", up);
        print(message, true);
        out.printf("\033[%dB", up);
    }

    private void print(JsonValue message, boolean inPlace) {
        JsonValue detail = message.get("progressDetail");
        String progress = progress(detail.number("current"), detail.number("total"));
        if (!inPlace && !progress.isEmpty()) {
            return;
        }
        if (inPlace) {
            out.print("\033[2K\r");
        }
        if (!message.text("id").isEmpty()) {
            out.print(message.text("id") + ": ");
        }
        if (inPlace) {
            out.print(message.text("status") + " " + progress + "\r");
        } else {
            out.print(message.text("stream").isEmpty() ? message.text("status") + "\n" : message.text("stream"));
        }
    }

    private String progress(long current, long total) {
        if (current <= 0 && total <= 0) {
            return "";
        }
        String done = "%8s".formatted(Human.preciseSize(current));
        if (total <= 0) {
            return done;
        }
        int columns = terminal ? Tty.size().columns() : WIDTH_WITHOUT_TERMINAL;
        if (columns <= WIDTH_FOR_A_BAR && columns > 0) {
            return done + "/" + Human.preciseSize(total);
        }
        int part = (int) Math.min(BAR, current * BAR / total);
        return "[" + "=".repeat(part) + ">" + " ".repeat(BAR - part) + "] " + done + "/" + Human.preciseSize(total);
    }
}
