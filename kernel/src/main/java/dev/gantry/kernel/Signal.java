package dev.gantry.kernel;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// A signal, signal(7).
///
/// @param number 1 to 64
public record Signal(int number) {

    public static final Signal HANGUP = new Signal(1);
    public static final Signal INTERRUPT = new Signal(2);
    public static final Signal KILL = new Signal(9);
    public static final Signal TERMINATE = new Signal(15);
    public static final Signal STOP = new Signal(19);

    private static final int LAST = 64;
    /// glibc keeps 32 and 33 for itself: `SIGRTMIN` is 34.
    private static final int RTMIN = 34;

    private static final List<String> NAMES = List.of(
            "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
            "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF",
            "WINCH", "IO", "PWR", "SYS");

    public Signal {
        if (number < 1 || number > LAST) {
            throw new IllegalArgumentException("signal " + number + ": got a number outside 1 to " + LAST);
        }
    }

    /// Understands `15`, `TERM`, `sigterm`, `RTMIN+3`, `SIGRTMAX-1`.
    public static Optional<Signal> parse(String text) {
        String name = text.toUpperCase(Locale.ROOT);
        if (name.matches("[0-9]{1,3}")) {
            return valid(Integer.parseInt(name));
        }
        if (name.startsWith("SIG")) {
            name = name.substring(3);
        }
        if (name.startsWith("RTMIN")) {
            return offset(name.substring(5)).flatMap(distance -> realTime(RTMIN + distance));
        }
        if (name.startsWith("RTMAX")) {
            return offset(name.substring(5)).flatMap(distance -> realTime(LAST + distance));
        }
        return switch (name) {
            case "IOT" -> valid(6);
            case "CLD" -> valid(17);
            case "POLL" -> valid(29);
            case "UNUSED" -> valid(31);
            default -> valid(NAMES.indexOf(name) + 1);
        };
    }

    /// Whether it ends a process that does not handle it: others stop it, let it go on, or are ignored.
    public boolean endsByDefault() {
        return !Set.of("CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "WINCH")
                .contains(symbol().substring("SIG".length()));
    }

    /// `SIGTERM`, `SIGRTMIN+1`.
    public String symbol() {
        if (number <= NAMES.size()) {
            return "SIG" + NAMES.get(number - 1);
        }
        return number < RTMIN ? "SIG" + number : "SIGRTMIN" + (number == RTMIN ? "" : "+" + (number - RTMIN));
    }

    @Override
    public String toString() {
        return symbol();
    }

    private static Optional<Signal> valid(int number) {
        return number < 1 || number > LAST ? Optional.empty() : Optional.of(new Signal(number));
    }

    private static Optional<Signal> realTime(int number) {
        return number < RTMIN ? Optional.empty() : valid(number);
    }

    private static Optional<Integer> offset(String text) {
        if (text.isEmpty()) {
            return Optional.of(0);
        }
        return text.matches("[+-][0-9]{1,2}") ? Optional.of(Integer.parseInt(text)) : Optional.empty();
    }
}
