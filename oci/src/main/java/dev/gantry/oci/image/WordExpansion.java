package dev.gantry.oci.image;

import dev.gantry.oci.MalformedException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Removes quotes and escapes from a word and replaces `$name`, `${name}`, `${name:-word}` and `${name:+word}`, as
/// Dockerfile instructions do.
final class WordExpansion {
    private final Map<String, String> variables = new HashMap<>();

    WordExpansion(List<String> env) {
        for (String entry : env) {
            int equals = entry.indexOf('=');
            if (equals > 0) {
                variables.put(entry.substring(0, equals), entry.substring(equals + 1));
            }
        }
    }

    /// @throws MalformedException if a quote or brace is not closed, or an unknown modifier is used
    String expand(String word) throws MalformedException {
        return new Scanner(word).scan();
    }

    private final class Scanner {
        private final String text;
        private int position;

        Scanner(String text) {
            this.text = text;
        }

        String scan() throws MalformedException {
            StringBuilder out = new StringBuilder();
            while (position < text.length()) {
                char c = text.charAt(position++);
                switch (c) {
                    case '\'' -> singleQuoted(out);
                    case '"' -> doubleQuoted(out);
                    case '$' -> variable(out);
                    case '\\' -> {
                        if (position < text.length()) {
                            out.append(text.charAt(position++));
                        }
                    }
                    default -> out.append(c);
                }
            }
            return out.toString();
        }

        private void singleQuoted(StringBuilder out) throws MalformedException {
            int end = text.indexOf('\'', position);
            if (end < 0) {
                throw unclosed("single");
            }
            out.append(text, position, end);
            position = end + 1;
        }

        private void doubleQuoted(StringBuilder out) throws MalformedException {
            while (position < text.length()) {
                char c = text.charAt(position++);
                switch (c) {
                    case '"' -> {
                        return;
                    }
                    case '$' -> variable(out);
                    case '\\' -> escapedInQuotes(out);
                    default -> out.append(c);
                }
            }
            throw unclosed("double");
        }

        private void escapedInQuotes(StringBuilder out) {
            if (position == text.length()) {
                return;
            }
            char escaped = text.charAt(position++);
            if (escaped != '"' && escaped != '$' && escaped != '\\') {
                out.append('\\');
            }
            out.append(escaped);
        }

        private void variable(StringBuilder out) throws MalformedException {
            if (position < text.length() && text.charAt(position) == '{') {
                position++;
                braced(out);
                return;
            }
            String name = name();
            out.append(name.isEmpty() ? "$" : variables.getOrDefault(name, ""));
        }

        private void braced(StringBuilder out) throws MalformedException {
            String name = name();
            int end = closingBrace();
            String modifier = text.substring(position, end);
            position = end + 1;
            String value = variables.getOrDefault(name, "");
            if (name.isEmpty()) {
                throw new MalformedException("syntax error: bad substitution");
            }
            if (modifier.isEmpty()) {
                out.append(value);
            } else if (modifier.startsWith(":-")) {
                out.append(value.isEmpty() ? expand(modifier.substring(2)) : value);
            } else if (modifier.startsWith(":+")) {
                out.append(value.isEmpty() ? "" : expand(modifier.substring(2)));
            } else {
                throw new MalformedException("unsupported modifier (%s) in substitution".formatted(modifier));
            }
        }

        private int closingBrace() throws MalformedException {
            int depth = 1;
            for (int i = position; i < text.length(); i++) {
                depth += switch (text.charAt(i)) {
                    case '{' -> 1;
                    case '}' -> -1;
                    default -> 0;
                };
                if (depth == 0) {
                    return i;
                }
            }
            throw new MalformedException("syntax error: missing '}'");
        }

        private String name() {
            int start = position;
            while (position < text.length() && isNamePart(text.charAt(position), position == start)) {
                position++;
            }
            return text.substring(start, position);
        }

        private static boolean isNamePart(char c, boolean first) {
            return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (!first && c >= '0' && c <= '9');
        }

        private static MalformedException unclosed(String kind) {
            return new MalformedException(
                    "unexpected end of statement while looking for matching %s-quote".formatted(kind));
        }
    }
}
