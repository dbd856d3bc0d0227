package dev.gantry.runtime.external;

import java.nio.file.Path;
import java.util.List;

/// Another OCI runtime: a program with the command line of runc.
///
/// @param name by which containers ask for it: lower-case letters, digits, `_`, `.` and `-`
/// @param file the program
/// @param arguments what it gets before the command
public record RuntimeProgram(String name, Path file, List<String> arguments) {
    public RuntimeProgram {
        // it becomes the name of a directory
        if (!name.matches("[a-z0-9][a-z0-9_.-]{0,63}")) {
            throw new IllegalArgumentException("invalid runtime name \"" + name + "\"");
        }
        arguments = List.copyOf(arguments);
    }
}
