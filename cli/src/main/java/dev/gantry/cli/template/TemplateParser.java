package dev.gantry.cli.template;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Parses statements; expressions are read by [ExpressionParser].
final class TemplateParser {
    private final Tokens tokens;
    private final ExpressionParser expressions;
    private final Map<String, List<Node>> definitions = new HashMap<>();
    /// the keyword that ended the list of statements read last
    private Token ending = new Token(Token.Type.END, "", 0);

    private int loops;

    private TemplateParser(Tokens tokens, Set<String> functions) {
        this.tokens = tokens;
        this.expressions = new ExpressionParser(tokens, functions);
    }

    /// All templates of a source by their names; the whole source's own is under `name`.
    static Map<String, List<Node>> parse(String name, String source, Set<String> functions) throws TemplateException {
        Tokens tokens = new Tokens(name, source, Lexer.tokens(name, source));
        TemplateParser parser = new TemplateParser(tokens, functions);
        List<Node> body = parser.statements();
        if (!parser.ending.is(Token.Type.END)) {
            throw tokens.failure("unexpected {{" + parser.ending.text() + "}}");
        }
        parser.definitions.put(name, body);
        return parser.definitions;
    }

    /// Reads until `end`, `else` or the end of the source, which is kept in `ending`.
    private List<Node> statements() throws TemplateException {
        List<Node> nodes = new ArrayList<>();
        while (true) {
            Token token = tokens.next();
            if (token.is(Token.Type.TEXT)) {
                nodes.add(new Node.Text(token.at(), token.text()));
                continue;
            }
            if (token.is(Token.Type.END)) {
                ending = token;
                return nodes;
            }
            Token first = tokens.peekPastSpace();
            if (first.isWord("end") || first.isWord("else")) {
                tokens.nextPastSpace();
                ending = first;
                return nodes;
            }
            statement(first, nodes);
        }
    }

    private void statement(Token first, List<Node> nodes) throws TemplateException {
        String word = first.is(Token.Type.WORD) ? first.text() : "";
        switch (word) {
            case "if", "with", "range" -> {
                tokens.nextPastSpace();
                nodes.add(control(word, first.at()));
            }
            case "break", "continue" -> {
                tokens.nextPastSpace();
                if (loops == 0) {
                    throw tokens.failure("{{" + word + "}} outside {{range}}");
                }
                tokens.expect(Token.Type.RIGHT, word);
                nodes.add(new Node.Jump(first.at(), word.equals("break")));
            }
            case "define", "block" -> {
                tokens.nextPastSpace();
                definition(word, first.at(), nodes);
            }
            case "template" -> {
                tokens.nextPastSpace();
                nodes.add(call());
            }
            default -> {
                int at = first.at();
                nodes.add(new Node.Print(at, expressions.pipeline("command", Token.Type.RIGHT)));
            }
        }
    }

    private Node control(String word, int at) throws TemplateException {
        int mark = expressions.mark();
        Node.Pipe pipe = expressions.pipeline(word, Token.Type.RIGHT);
        boolean loop = word.equals("range");
        loops += loop ? 1 : 0;
        List<Node> then = statements();
        loops -= loop ? 1 : 0;
        List<Node> otherwise = List.of();
        if (ending.isWord("else")) {
            Token next = tokens.peekPastSpace();
            if (!loop && next.isWord(word)) {
                // {{else if}} is an {{if}} inside the else part that shares its {{end}}
                tokens.nextPastSpace();
                otherwise = List.of(control(word, next.at()));
                expressions.release(mark);
                return node(word, at, pipe, then, otherwise);
            }
            tokens.expect(Token.Type.RIGHT, "else");
            otherwise = statements();
            if (ending.isWord("else")) {
                throw tokens.failure("expected end; found {{else}}");
            }
        }
        expectEnd();
        expressions.release(mark);
        return node(word, at, pipe, then, otherwise);
    }

    private static Node node(String word, int at, Node.Pipe pipe, List<Node> then, List<Node> otherwise) {
        return switch (word) {
            case "if" -> new Node.If(at, pipe, then, otherwise);
            case "with" -> new Node.With(at, pipe, then, otherwise);
            default -> new Node.Range(at, pipe, then, otherwise);
        };
    }

    private void expectEnd() throws TemplateException {
        if (ending.is(Token.Type.END)) {
            throw tokens.failure("unexpected EOF");
        }
        tokens.expect(Token.Type.RIGHT, "end");
    }

    private void definition(String word, int at, List<Node> nodes) throws TemplateException {
        String name = text(word + " clause");
        if (word.equals("block")) {
            nodes.add(new Node.Call(at, name, expressions.pipeline("block clause", Token.Type.RIGHT)));
        } else {
            tokens.expect(Token.Type.RIGHT, "define clause");
        }
        int outerLoops = loops;
        Deque<String> outerVariables = expressions.enter();
        loops = 0;
        definitions.put(name, statements());
        loops = outerLoops;
        expressions.leave(outerVariables);
        expectEnd();
    }

    private Node call() throws TemplateException {
        int at = tokens.peekPastSpace().at();
        String name = text("template clause");
        if (tokens.peekPastSpace().is(Token.Type.RIGHT)) {
            tokens.nextPastSpace();
            return new Node.Call(at, name, null);
        }
        return new Node.Call(at, name, expressions.pipeline("template clause", Token.Type.RIGHT));
    }

    private String text(String context) throws TemplateException {
        Token token = tokens.nextPastSpace();
        if (!token.is(Token.Type.STRING) && !token.is(Token.Type.RAW_STRING)) {
            throw tokens.unexpected(token, context);
        }
        return tokens.unquoted(token);
    }

    /// The tokens with one place of look-ahead past blanks, and the place for messages.
    static final class Tokens {
        private final String name;
        private final String source;
        private final Deque<Token> queue;
        private int line = 1;

        Tokens(String name, String source, List<Token> tokens) {
            this.name = name;
            this.source = source;
            this.queue = new ArrayDeque<>(tokens);
        }

        Token peek() {
            return queue.getFirst();
        }

        Token next() {
            Token token = queue.size() > 1 ? queue.removeFirst() : queue.getFirst();
            line = 1
                    + (int) source.substring(0, token.at())
                            .chars()
                            .filter(c -> c == '\n')
                            .count();
            return token;
        }

        Token peekPastSpace() {
            while (peek().is(Token.Type.SPACE)) {
                next();
            }
            return peek();
        }

        Token nextPastSpace() {
            peekPastSpace();
            return next();
        }

        /// The next tokens of the action without blanks, as far as a declaration could reach.
        List<Token> ahead() {
            return queue.stream()
                    .filter(token -> !token.is(Token.Type.SPACE))
                    .limit(4)
                    .toList();
        }

        /// Drops everything up to that token and the token itself.
        void skipTo(Token token) {
            while (!next().equals(token)) {
                // dropped
            }
        }

        void expect(Token.Type type, String context) throws TemplateException {
            Token token = nextPastSpace();
            if (!token.is(type)) {
                throw unexpected(token, context);
            }
        }

        String unquoted(Token token) throws TemplateException {
            if (token.is(Token.Type.RAW_STRING)) {
                return token.text().substring(1, token.text().length() - 1);
            }
            String text = Literals.unquote(token.text());
            if (text == null) {
                throw failure("invalid syntax");
            }
            return text;
        }

        TemplateException unexpected(Token token, String context) {
            return failure("unexpected " + token.shown() + " in " + context);
        }

        TemplateException failure(String problem) {
            return new TemplateException("template: " + name + ":" + line + ": " + problem);
        }
    }
}
