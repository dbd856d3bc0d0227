package dev.gantry.cli.option;

/// What a flag's value is: whether it may be left out, whether it may come again, and how it is checked.
public enum Kind {
    /// A truth value; `--flag` alone means true.
    BOOL("", false),
    /// Any text.
    TEXT("string", false),
    /// Texts, one for each time that the flag is given.
    LIST("list", true),
    /// Texts, several at once between commas.
    STRINGS("strings", true),
    /// `key=value`, one for each time that the flag is given.
    MAP("map", true),
    /// A whole number of 64 bits.
    INT("int", false),
    /// A whole number from 0 to 65535.
    UINT16("uint16", false),
    /// A whole number that is not negative.
    UINT("uint", false),
    /// A time span as Go writes it: `1h30m`, `500ms`.
    DURATION("duration", false),
    /// A number of bytes with an optional unit: `512m`.
    BYTES("bytes", false),
    /// Like [#BYTES], and -1.
    BYTES_OR_UNLIMITED("bytes", false),
    /// A decimal fraction with up to nine digits behind the point.
    DECIMAL("decimal", false);

    private final String typeName;
    private final boolean repeated;

    Kind(String typeName, boolean repeated) {
        this.typeName = typeName;
        this.repeated = repeated;
    }

    String typeName() {
        return typeName;
    }

    /// Whether every occurrence counts; else the last one does.
    public boolean repeated() {
        return repeated;
    }

    /// Refuses a value that is not of this kind.
    ///
    /// @throws IllegalArgumentException with the text that Docker's clients know
    void check(String value) {
        switch (this) {
            case BOOL -> GoNumbers.parseBool(value);
            case TEXT, LIST, STRINGS -> {}
            case MAP -> {}
            case INT -> GoNumbers.parseInt(value);
            case UINT16 -> GoNumbers.parseUint(value, 0xffff);
            case UINT -> GoNumbers.parseUint(value, Long.MAX_VALUE);
            case DURATION -> GoDuration.parse(value);
            case BYTES -> ByteSize.parse(value);
            case BYTES_OR_UNLIMITED -> {
                if (!value.equals("-1")) {
                    ByteSize.parse(value);
                }
            }
            case DECIMAL -> NanoCpus.parse(value);
        }
    }
}
