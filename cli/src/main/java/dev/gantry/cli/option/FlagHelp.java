package dev.gantry.cli.option;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The list of a command's flags as pflag lays it out: sorted, two columns, wrapped.
public final class FlagHelp {
    /// pflag lets a line be that much longer rather than leave a short word alone on the next one.
    private static final int SLOP = 5;
    /// The least width of the second column; below, texts go under their flags.
    private static final int LEAST = 24;

    private static final int NARROW_INDENT = 16;

    private FlagHelp() {}

    /// The lines, each with its line feed, for a screen that many columns wide.
    public static String lines(List<Flag> flags, int columns) {
        List<Flag> shown = flags.stream()
                .filter(flag -> !flag.hidden())
                .sorted(Comparator.comparing(Flag::name))
                .toList();
        List<String> left = new ArrayList<>();
        int widest = 0;
        for (Flag flag : shown) {
            String letter = flag.shorthand().isEmpty() ? "      --" : "  -" + flag.shorthand() + ", --";
            String type = flag.typeName().isEmpty() ? "" : " " + flag.typeName();
            left.add(letter + flag.name() + type);
            widest = Math.max(widest, left.getLast().length());
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < shown.size(); i++) {
            String text = shown.get(i).usage() + shown.get(i).shownDefault();
            out.append(left.get(i)).repeat(" ", widest - left.get(i).length() + 3);
            out.append(wrap(text, widest + 3, columns)).append('\n');
        }
        return out.toString();
    }

    private static String wrap(String text, int indent, int columns) {
        StringBuilder out = new StringBuilder();
        int by = indent;
        if (columns - by < LEAST) {
            by = NARROW_INDENT;
            out.append('\n').repeat(" ", by);
        }
        int width = Math.max(columns - by, LEAST) - SLOP;
        String rest = text;
        while (true) {
            int end = lineEnd(rest, width);
            out.append(rest.substring(0, end).replace("\n", "\n" + " ".repeat(by)));
            if (end == rest.length()) {
                return out.toString();
            }
            out.append('\n').repeat(" ", by);
            rest = rest.substring(end + 1);
        }
    }

    private static int lineEnd(String text, int width) {
        if (width + SLOP > text.length()) {
            return text.length();
        }
        String line = text.substring(0, width);
        int blank = Math.max(line.lastIndexOf(' '), Math.max(line.lastIndexOf('\t'), line.lastIndexOf('\n')));
        if (blank <= 0) {
            return text.length();
        }
        int lineFeed = line.lastIndexOf('\n');
        return lineFeed > 0 && lineFeed < blank ? lineFeed : blank;
    }
}
