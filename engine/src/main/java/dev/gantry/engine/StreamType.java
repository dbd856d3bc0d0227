package dev.gantry.engine;

/// The stream that output belongs to; [#number] is that of Docker's frames.
public enum StreamType {
    /// What a terminal shows, too.
    STDOUT(1, "stdout"),
    STDERR(2, "stderr");

    private final int number;
    private final String label;

    StreamType(int number, String label) {
        this.number = number;
        this.label = label;
    }

    /// The first byte of a frame.
    public int number() {
        return number;
    }

    /// The name in log records.
    public String label() {
        return label;
    }
}
