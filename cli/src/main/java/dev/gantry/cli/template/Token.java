package dev.gantry.cli.template;

/// A piece of a template; `text` is as it stands in the source, `at` its place there.
record Token(Type type, String text, int at) {
    enum Type {
        TEXT,
        LEFT,
        RIGHT,
        SPACE,
        FIELD,
        VARIABLE,
        WORD,
        DOT,
        NUMBER,
        STRING,
        RAW_STRING,
        CHARACTER,
        PIPE,
        OPEN,
        CLOSE,
        DECLARE,
        ASSIGN,
        COMMA,
        OTHER,
        END
    }

    boolean is(Type wanted) {
        return type == wanted;
    }

    boolean isWord(String word) {
        return type == Type.WORD && text.equals(word);
    }

    /// How Go's parser names the token in messages.
    String shown() {
        return switch (type) {
            case END -> "EOF";
            case WORD -> "<" + text + ">";
            case TEXT,
                    LEFT,
                    RIGHT,
                    SPACE,
                    FIELD,
                    VARIABLE,
                    DOT,
                    NUMBER,
                    STRING,
                    RAW_STRING,
                    CHARACTER,
                    PIPE,
                    OPEN,
                    CLOSE,
                    DECLARE,
                    ASSIGN,
                    COMMA,
                    OTHER -> "\"" + text + "\"";
        };
    }
}
