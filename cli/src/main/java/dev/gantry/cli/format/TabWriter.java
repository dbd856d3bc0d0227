package dev.gantry.cli.format;

import java.util.ArrayList;
import java.util.List;

/// Aligns columns that are ended by tabs, by the algorithm of Go's text/tabwriter (elastic tab stops): a column is a
/// run of lines that have a cell there; its width is its widest cell's and the padding.
final class TabWriter {
    private final int leastWidth;
    private final int padding;
    private final List<List<String>> lines = new ArrayList<>();
    private final List<Integer> widths = new ArrayList<>();
    private final StringBuilder out = new StringBuilder();

    private TabWriter(int leastWidth, int padding) {
        this.leastWidth = leastWidth;
        this.padding = padding;
    }

    static String align(String text, int leastWidth, int padding) {
        TabWriter writer = new TabWriter(leastWidth, padding);
        for (String line : text.split("\n", -1)) {
            writer.lines.add(List.of(line.split("\t", -1)));
        }
        writer.format(0, writer.lines.size());
        // the text ended in a line feed, which made an empty last line
        writer.out.setLength(Math.max(0, writer.out.length() - 1));
        return writer.out.toString();
    }

    /// Lays out lines whose columns left of `widths.size()` have their widths.
    private void format(int from, int end) {
        int column = widths.size();
        int line = from;
        while (line < end) {
            if (cells(line) <= column) {
                writeLine(line);
                line++;
                continue;
            }
            int blockEnd = line;
            int width = leastWidth;
            boolean discardable = true;
            while (blockEnd < end && cells(blockEnd) > column) {
                String cell = lines.get(blockEnd).get(column);
                width = Math.max(width, cell.codePointCount(0, cell.length()) + padding);
                discardable &= cell.isEmpty();
                blockEnd++;
            }
            widths.add(discardable ? leastWidth : width);
            format(line, blockEnd);
            widths.removeLast();
            line = blockEnd;
        }
    }

    /// The cells of a line that end in a tab; what follows the last tab belongs to no column.
    private int cells(int line) {
        return lines.get(line).size() - 1;
    }

    private void writeLine(int line) {
        List<String> cells = lines.get(line);
        for (int i = 0; i < cells.size(); i++) {
            String cell = cells.get(i);
            out.append(cell);
            if (i < widths.size() && i < cells.size() - 1) {
                out.repeat(" ", widths.get(i) - cell.codePointCount(0, cell.length()));
            }
        }
        out.append('\n');
    }
}
