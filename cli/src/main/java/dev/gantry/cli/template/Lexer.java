package dev.gantry.cli.template;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Cuts a template into tokens by the rules of text/template/parse/lex.go's language.
final class Lexer {
    private static final String WHITE = " \t\r\n";

    private final String name;
    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int depth;

    private Lexer(String name, String source) {
        this.name = name;
        this.source = source;
    }

    static List<Token> tokens(String name, String source) throws TemplateException {
        Lexer lexer = new Lexer(name, source);
        lexer.run();
        return lexer.tokens;
    }

    private void run() throws TemplateException {
        boolean trimLeft = false;
        while (at < source.length()) {
            int open = source.indexOf("{{", at);
            int end = open < 0 ? source.length() : open;
            boolean trimRight = open >= 0 && isTrimBefore(open + 2);
            text(at, end, trimLeft, trimRight);
            at = end;
            if (open < 0) {
                break;
            }
            trimLeft = action(trimRight);
        }
        add(Token.Type.END, at, at);
    }

    private void text(int from, int end, boolean trimLeft, boolean trimRight) {
        int first = from;
        int last = end;
        while (trimLeft && first < last && isWhite(first)) {
            first++;
        }
        while (trimRight && last > first && isWhite(last - 1)) {
            last--;
        }
        if (last > first) {
            add(Token.Type.TEXT, first, last);
        }
    }

    private boolean isTrimBefore(int place) {
        return source.startsWith("-", place) && isWhite(place + 1);
    }

    private boolean isWhite(int place) {
        return place < source.length() && WHITE.indexOf(source.charAt(place)) >= 0;
    }

    /// Reads `{{ … }}` and gives whether the text behind it is to be trimmed.
    private boolean action(boolean trimmed) throws TemplateException {
        int start = at;
        at += trimmed ? 3 : 2;
        int inside = trimmed ? at + 1 : at;
        if (source.startsWith("/*", inside)) {
            return comment(inside);
        }
        add(Token.Type.LEFT, start, at);
        depth = 0;
        while (true) {
            Boolean end = rightDelimiter();
            if (end != null) {
                return end;
            }
            inside();
        }
    }

    private boolean comment(int from) throws TemplateException {
        int close = source.indexOf("*/", from);
        if (close < 0) {
            at = from;
            throw failure("unclosed comment");
        }
        at = close + 2;
        boolean trim = source.startsWith(" -}}", at) || (isWhite(at) && source.startsWith("-}}", at + 1));
        if (trim) {
            at += 4;
        } else if (source.startsWith("}}", at)) {
            at += 2;
        } else {
            throw failure("comment ends before closing delimiter");
        }
        return trim;
    }

    private @Nullable Boolean rightDelimiter() throws TemplateException {
        boolean trim = isWhite(at) && source.startsWith("-}}", at + 1);
        if (!trim && !source.startsWith("}}", at)) {
            return null;
        }
        if (depth > 0) {
            throw failure("unclosed left paren");
        }
        if (trim) {
            at++;
        }
        int length = trim ? 3 : 2;
        add(Token.Type.RIGHT, at, at + length);
        at += length;
        return trim;
    }

    private void inside() throws TemplateException {
        if (at >= source.length()) {
            throw failure("unclosed action");
        }
        int start = at;
        char c = source.charAt(at);
        if (WHITE.indexOf(c) >= 0) {
            while (isWhite(at) && !source.startsWith("-}}", at + 1)) {
                at++;
            }
            // a blank that belongs to a trim marker is left for it
            if (at > start) {
                add(Token.Type.SPACE, start, at);
            }
            return;
        }
        switch (c) {
            case '"', '\'' -> quoted(c);
            case '`' -> rawString();
            case '$' -> {
                at++;
                word();
                requireEndOfWord();
                add(Token.Type.VARIABLE, start, at);
            }
            case '.' -> dot();
            case '|' -> single(Token.Type.PIPE);
            case ',' -> single(Token.Type.COMMA);
            case '=' -> single(Token.Type.ASSIGN);
            case '(' -> {
                depth++;
                single(Token.Type.OPEN);
            }
            case ')' -> {
                depth--;
                if (depth < 0) {
                    throw failure("unexpected right paren");
                }
                single(Token.Type.CLOSE);
            }
            case ':' -> {
                if (!source.startsWith(":=", at)) {
                    throw failure("expected :=");
                }
                at += 2;
                add(Token.Type.DECLARE, start, at);
            }
            default -> wordOrNumber(c);
        }
    }

    private void single(Token.Type type) {
        add(type, at, at + 1);
        at++;
    }

    private void word() {
        while (at < source.length() && isLetter(source.charAt(at))) {
            at++;
        }
    }

    private static boolean isLetter(char c) {
        return c == '_' || Character.isLetterOrDigit(c);
    }

    private void dot() throws TemplateException {
        int start = at;
        if (at + 1 < source.length() && source.charAt(at + 1) >= '0' && source.charAt(at + 1) <= '9') {
            number();
            return;
        }
        at++;
        word();
        if (at > start + 1) {
            requireEndOfWord();
        }
        add(at == start + 1 ? Token.Type.DOT : Token.Type.FIELD, start, at);
    }

    private void wordOrNumber(char c) throws TemplateException {
        if (c == '+' || c == '-' || (c >= '0' && c <= '9')) {
            number();
            return;
        }
        if (!isLetter(c)) {
            if (c <= ' ' || c >= 0x7f) {
                throw failure("unrecognized character in action: " + codePoint());
            }
            single(Token.Type.OTHER);
            return;
        }
        int start = at;
        word();
        requireEndOfWord();
        add(Token.Type.WORD, start, at);
    }

    private void requireEndOfWord() throws TemplateException {
        if (at < source.length() && !isEndOfWord(source.charAt(at))) {
            throw failure("bad character " + codePoint());
        }
    }

    private boolean isEndOfWord(char c) {
        return WHITE.indexOf(c) >= 0 || ".,|:()".indexOf(c) >= 0 || source.startsWith("}}", at) || c == '=';
    }

    private String codePoint() {
        int c = source.codePointAt(at);
        return String.format("U+%04X '%s'", c, Character.toString(c));
    }

    private void number() throws TemplateException {
        int start = at;
        at++;
        boolean point = source.charAt(start) == '.';
        while (at < source.length() && (isLetter(source.charAt(at)) || isExponentSign() || isFirstPoint(point))) {
            point |= source.charAt(at) == '.';
            at++;
        }
        String text = source.substring(start, at);
        if (Literals.number(text) == null) {
            throw failure("bad number syntax: \"" + text + "\"");
        }
        add(Token.Type.NUMBER, start, at);
    }

    private boolean isFirstPoint(boolean point) {
        return !point && source.charAt(at) == '.';
    }

    private boolean isExponentSign() {
        char c = source.charAt(at);
        char before = source.charAt(at - 1);
        return (c == '+' || c == '-') && (before == 'e' || before == 'E');
    }

    private void quoted(char quote) throws TemplateException {
        int start = at;
        at++;
        while (at < source.length() && source.charAt(at) != '\n') {
            char c = source.charAt(at);
            if (c == '\\') {
                at += 2;
            } else if (c == quote) {
                at++;
                add(quote == '"' ? Token.Type.STRING : Token.Type.CHARACTER, start, at);
                return;
            } else {
                at++;
            }
        }
        throw failure(quote == '"' ? "unterminated quoted string" : "unterminated character constant");
    }

    private void rawString() throws TemplateException {
        int close = source.indexOf('`', at + 1);
        if (close < 0) {
            throw failure("unterminated raw quoted string");
        }
        add(Token.Type.RAW_STRING, at, close + 1);
        at = close + 1;
    }

    private void add(Token.Type type, int from, int end) {
        tokens.add(new Token(type, source.substring(from, end), from));
    }

    private TemplateException failure(String problem) {
        long line = 1
                + source.substring(0, Math.min(at, source.length()))
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
        return new TemplateException("template: " + name + ":" + line + ": " + problem);
    }
}
