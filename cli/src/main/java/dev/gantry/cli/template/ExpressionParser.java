package dev.gantry.cli.template;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Parses pipelines, and knows which variables are in scope.
final class ExpressionParser {
    private static final Set<String> KEYWORDS =
            Set.of("if", "with", "range", "else", "end", "define", "block", "template", "break", "continue");

    private final TemplateParser.Tokens tokens;
    private final Set<String> functions;
    private Deque<String> variables = new ArrayDeque<>(List.of("$"));

    ExpressionParser(TemplateParser.Tokens tokens, Set<String> functions) {
        this.tokens = tokens;
        this.functions = functions;
    }

    int mark() {
        return variables.size();
    }

    void release(int mark) {
        while (variables.size() > mark) {
            variables.removeLast();
        }
    }

    /// A template of its own sees no variables of the one around it.
    Deque<String> enter() {
        Deque<String> outer = variables;
        variables = new ArrayDeque<>(List.of("$"));
        return outer;
    }

    void leave(Deque<String> outer) {
        variables = outer;
    }

    Node.Pipe pipeline(String context, Token.Type end) throws TemplateException {
        int at = tokens.peekPastSpace().at();
        List<String> declared = new ArrayList<>();
        boolean declares = declarations(context, declared);
        List<Node.Command> commands = new ArrayList<>();
        while (true) {
            Token token = tokens.peekPastSpace();
            if (token.is(end)) {
                tokens.nextPastSpace();
                check(commands, context);
                if (declares) {
                    variables.addAll(declared);
                }
                return new Node.Pipe(at, List.copyOf(declared), declares, List.copyOf(commands));
            }
            if (!startsOperand(token)) {
                tokens.nextPastSpace();
                throw tokens.unexpected(token, context);
            }
            commands.add(command());
        }
    }

    private void check(List<Node.Command> commands, String context) throws TemplateException {
        if (commands.isEmpty()) {
            throw tokens.failure("missing value for " + context);
        }
        for (int i = 1; i < commands.size(); i++) {
            Node.Expression first = commands.get(i).words().getFirst();
            if (first instanceof Node.Constant || first instanceof Node.Dot) {
                throw tokens.failure("non executable command in pipeline stage " + (i + 1));
            }
        }
    }

    /// Reads `$x :=`, `$x =` or, for range, `$i, $x :=`. Gives whether the variables are new.
    private boolean declarations(String context, List<String> declared) throws TemplateException {
        // a variable that is not followed by := or = is an operand: look ahead without losing it
        List<Token> ahead = tokens.ahead();
        int place = 0;
        while (place < ahead.size() && ahead.get(place).is(Token.Type.VARIABLE)) {
            String name = ahead.get(place).text();
            Token after = place + 1 < ahead.size() ? ahead.get(place + 1) : ahead.getLast();
            declared.add(name);
            if (after.is(Token.Type.DECLARE) || after.is(Token.Type.ASSIGN)) {
                tokens.skipTo(after);
                boolean declares = after.is(Token.Type.DECLARE);
                if (!declares) {
                    requireKnown(declared);
                }
                return declares;
            }
            if (!after.is(Token.Type.COMMA) || !context.equals("range") || declared.size() == 2) {
                break;
            }
            place += 2;
        }
        declared.clear();
        return false;
    }

    private void requireKnown(List<String> names) throws TemplateException {
        for (String name : names) {
            if (!variables.contains(name)) {
                throw tokens.failure("undefined variable \"" + name + "\"");
            }
        }
    }

    private static boolean startsOperand(Token token) {
        return switch (token.type()) {
            case FIELD, VARIABLE, DOT, NUMBER, STRING, RAW_STRING, CHARACTER, OPEN -> true;
            case WORD -> !KEYWORDS.contains(token.text());
            case TEXT, LEFT, RIGHT, SPACE, PIPE, CLOSE, DECLARE, ASSIGN, COMMA, OTHER, END -> false;
        };
    }

    private Node.Command command() throws TemplateException {
        int at = tokens.peekPastSpace().at();
        List<Node.Expression> words = new ArrayList<>();
        while (true) {
            tokens.peekPastSpace();
            Node.Expression operand = operand();
            if (operand != null) {
                words.add(operand);
            }
            Token next = tokens.peek();
            if (next.is(Token.Type.SPACE)) {
                tokens.next();
                if (startsOperand(tokens.peek())) {
                    continue;
                }
                next = tokens.peek();
            }
            if (next.is(Token.Type.PIPE)) {
                tokens.next();
            } else if (!next.is(Token.Type.RIGHT) && !next.is(Token.Type.CLOSE)) {
                tokens.next();
                throw tokens.unexpected(next, "operand");
            }
            if (words.isEmpty()) {
                throw tokens.failure("empty command");
            }
            return new Node.Command(at, List.copyOf(words));
        }
    }

    private Node.@Nullable Expression operand() throws TemplateException {
        Node.Expression term = term();
        if (term == null || !tokens.peek().is(Token.Type.FIELD)) {
            return term;
        }
        int at = tokens.peek().at();
        List<String> names = new ArrayList<>();
        while (tokens.peek().is(Token.Type.FIELD)) {
            names.add(tokens.next().text().substring(1));
        }
        return switch (term) {
            case Node.Field(var _, var first) -> {
                List<String> all = new ArrayList<>(first);
                all.addAll(names);
                yield new Node.Field(at, List.copyOf(all));
            }
            case Node.Variable(var _, var name, var _) -> new Node.Variable(at, name, List.copyOf(names));
            case Node.Constant constant -> throw tokens.failure("unexpected . after term \"" + constant.shown() + "\"");
            case Node.Dot _ -> throw tokens.failure("unexpected . after term \".\"");
            case Node.Pipe _, Node.Command _, Node.Chain _, Node.Function _ ->
                new Node.Chain(at, term, List.copyOf(names));
        };
    }

    private Node.@Nullable Expression term() throws TemplateException {
        Token token = tokens.peek();
        if (!startsOperand(token)) {
            return null;
        }
        tokens.next();
        return switch (token.type()) {
            case DOT -> new Node.Dot(token.at());
            case FIELD -> new Node.Field(token.at(), List.of(token.text().substring(1)));
            case VARIABLE -> {
                requireKnown(List.of(token.text()));
                yield new Node.Variable(token.at(), token.text(), List.of());
            }
            case NUMBER -> new Node.Constant(token.at(), Literals.number(token.text()), token.text());
            case CHARACTER -> {
                String character = tokens.unquoted(token);
                yield new Node.Constant(token.at(), (long) character.codePointAt(0), token.text());
            }
            case STRING, RAW_STRING -> new Node.Constant(token.at(), tokens.unquoted(token), token.text());
            case OPEN -> pipeline("parenthesized pipeline", Token.Type.CLOSE);
            case WORD -> word(token);
            case TEXT, LEFT, RIGHT, SPACE, PIPE, CLOSE, DECLARE, ASSIGN, COMMA, OTHER, END ->
                throw tokens.unexpected(token, "operand");
        };
    }

    private Node.Expression word(Token token) throws TemplateException {
        return switch (token.text()) {
            case "true" -> new Node.Constant(token.at(), true, "true");
            case "false" -> new Node.Constant(token.at(), false, "false");
            case "nil" -> new Node.Constant(token.at(), null, "nil");
            default -> {
                if (!functions.contains(token.text())) {
                    throw tokens.failure("function \"" + token.text() + "\" not defined");
                }
                yield new Node.Function(token.at(), token.text());
            }
        };
    }
}
