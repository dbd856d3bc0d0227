package dev.gantry.daemon;

import dev.gantry.daemon.Option.Effect;
import dev.gantry.daemon.Option.Kind;

/// The text of `--help`, made from the table of flags.
final class Help {
    private Help() {}

    static String text() {
        StringBuilder text = new StringBuilder("Usage:  gantry daemon [OPTIONS]\n\nThe Gantry daemon\n\nOptions:\n");
        append(text, Effect.USED);
        text.append("\nAccepted for dockerd's sake, without an effect:\n");
        append(text, Effect.IGNORED);
        text.append("\nRefused:\n");
        append(text, Effect.REFUSED);
        return text.toString();
    }

    private static void append(StringBuilder text, Effect effect) {
        for (Option option : Options.ALL) {
            if (option.effect() == effect) {
                String letter = option.letter() == '\0' ? "" : "-" + option.letter() + ",";
                String value = option.kind() == Kind.SWITCH ? "" : option.kind() == Kind.LIST ? " list" : " string";
                text.append("  %-4s--%-28s %s%n".formatted(letter, option.name() + value, option.note()));
            }
        }
    }
}
