package dev.gantry.cli.command;

import java.util.Optional;

/// How many operands a command takes.
///
/// @param most -1 for any number
public record Operands(int least, int most) {
    /// None at all.
    public static final Operands NONE = new Operands(0, 0);

    /// Any number.
    public static final Operands ANY = new Operands(0, -1);

    /// At least that many.
    public static Operands atLeast(int least) {
        return new Operands(least, -1);
    }

    /// Exactly that many.
    public static Operands exactly(int number) {
        return new Operands(number, number);
    }

    /// What is wrong with that number of operands, in Docker's words.
    Optional<String> problem(int number) {
        if (number >= least && (most < 0 || number <= most)) {
            return Optional.empty();
        }
        if (most == 0) {
            return Optional.of("accepts no arguments");
        }
        if (most < 0) {
            return Optional.of("requires at least " + count(least));
        }
        if (least == most) {
            return Optional.of("requires " + count(least));
        }
        return Optional.of(
                least == 0
                        ? "requires at most " + count(most)
                        : "requires at least " + least + " and at most " + count(most));
    }

    private static String count(int number) {
        return number + (number == 1 ? " argument" : " arguments");
    }
}
