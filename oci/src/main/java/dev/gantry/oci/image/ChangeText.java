package dev.gantry.oci.image;

import dev.gantry.oci.MalformedException;
import java.util.ArrayList;
import java.util.List;

/// Lines and words of Dockerfile text.
final class ChangeText {
    private ChangeText() {}

    /// The logical lines: joined where a line ends with `\`, without comments and blank lines.
    static List<String> lines(List<String> texts) {
        List<String> lines = new ArrayList<>();
        StringBuilder pending = new StringBuilder();
        for (String raw : String.join("\n", texts).split("\n", -1)) {
            String line = raw.strip();
            if (line.startsWith("#")) {
                continue;
            }
            if (line.endsWith("\\")) {
                pending.append(raw.stripTrailing(), 0, raw.stripTrailing().length() - 1);
                continue;
            }
            pending.append(raw);
            add(lines, pending);
        }
        add(lines, pending);
        return lines;
    }

    private static void add(List<String> lines, StringBuilder pending) {
        String line = pending.toString().strip();
        if (!line.isEmpty()) {
            lines.add(line);
        }
        pending.setLength(0);
    }

    /// Splits at blanks outside quotes; quotes and escapes stay in the words for [WordExpansion].
    ///
    /// @throws MalformedException if a quote is not closed
    static List<String> words(String text) throws MalformedException {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote == 0 && Character.isWhitespace(c)) {
                addWord(words, word);
                continue;
            }
            word.append(c);
            if (c == '\\' && quote != '\'' && i + 1 < text.length()) {
                word.append(text.charAt(++i));
            } else if (c == quote) {
                quote = 0;
            } else if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
            }
        }
        if (quote != 0) {
            throw new MalformedException("unexpected end of statement while looking for matching %s-quote"
                    .formatted(quote == '"' ? "double" : "single"));
        }
        addWord(words, word);
        return words;
    }

    private static void addWord(List<String> words, StringBuilder word) {
        if (!word.isEmpty()) {
            words.add(word.toString());
            word.setLength(0);
        }
    }
}
