package dev.gantry.runtime.program;

/// A place in a program that can be jumped to. Made by [ProgramBuilder#label], set by [ProgramBuilder#place].
public final class Label {
    private final int number;
    private final String name;

    Label(int number, String name) {
        this.number = number;
        this.name = name;
    }

    /// A dense number from 0, unique within one program.
    public int number() {
        return number;
    }

    /// The name that listings show.
    public String name() {
        return name;
    }

    @Override
    public String toString() {
        return name;
    }
}
