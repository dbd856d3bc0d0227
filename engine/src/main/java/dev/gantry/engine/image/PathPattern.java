package dev.gantry.engine.image;

import dev.gantry.engine.EngineException.Invalid;

/// Shell patterns as Go's `path.Match` reads them: `*`, `?` and `[a-z]` stop at a slash, `\` escapes.
///
/// Time is at most the product of the two lengths, whatever the pattern.
final class PathPattern {
    private final int[] pattern;

    private PathPattern(int[] pattern) {
        this.pattern = pattern;
    }

    /// @throws Invalid with Go's text
    static PathPattern of(String text) {
        var parsed = new PathPattern(text.codePoints().toArray());
        for (int at = 0; at < parsed.pattern.length; ) {
            at = parsed.end(at);
        }
        return parsed;
    }

    boolean matches(String text) {
        int[] name = text.codePoints().toArray();
        int at = 0;
        int in = 0;
        int star = -1;
        int starredFrom = 0;
        while (at < name.length) {
            if (in < pattern.length && pattern[in] == '*') {
                star = in++;
                starredFrom = at;
            } else if (in < pattern.length && matchesOne(in, name[at])) {
                in = end(in);
                at++;
            } else if (star >= 0 && name[starredFrom] != '/') {
                // the last star takes one more; an earlier one taking more could never help
                in = star + 1;
                at = ++starredFrom;
            } else {
                return false;
            }
        }
        while (in < pattern.length && pattern[in] == '*') {
            in++;
        }
        return in == pattern.length;
    }

    private boolean matchesOne(int at, int c) {
        return switch (pattern[at]) {
            case '?' -> c != '/';
            case '[' -> c != '/' && inClass(at, c);
            case '\\' -> pattern[at + 1] == c;
            default -> pattern[at] == c;
        };
    }

    private boolean inClass(int open, int c) {
        boolean negated = pattern[open + 1] == '^';
        int end = end(open) - 1;
        boolean found = false;
        for (int at = open + (negated ? 2 : 1); at < end; ) {
            int low = pattern[escaped(at)];
            at = escaped(at) + 1;
            int high = low;
            if (pattern[at] == '-') {
                high = pattern[escaped(at + 1)];
                at = escaped(at + 1) + 1;
            }
            found |= low <= c && c <= high;
        }
        return found != negated;
    }

    private int escaped(int at) {
        return pattern[at] == '\\' ? at + 1 : at;
    }

    /// Where the element that starts at `at` ends.
    private int end(int at) {
        return switch (pattern[at]) {
            case '\\' -> within(at + 1) + 1;
            case '[' -> classEnd(at);
            default -> at + 1;
        };
    }

    private int classEnd(int open) {
        int at = within(open + 1);
        if (pattern[at] == '^') {
            at = within(at + 1);
        }
        boolean empty = true;
        while (empty || pattern[at] != ']') {
            at = member(at);
            if (pattern[at] == '-') {
                at = member(at + 1);
            }
            empty = false;
        }
        return at + 1;
    }

    /// The place after a character of a class, which is still within the pattern.
    private int member(int at) {
        int character = within(at);
        if (pattern[character] == '-' || pattern[character] == ']') {
            throw malformed();
        }
        return within(within(escaped(character)) + 1);
    }

    private int within(int at) {
        if (at >= pattern.length) {
            throw malformed();
        }
        return at;
    }

    private static Invalid malformed() {
        return new Invalid("syntax error in pattern");
    }
}
