package dev.gantry.e2e.power;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// What the machine tells this host, line by line, in a file that both see: a line is here before its writer goes on,
/// so no power cut comes in between.
record Events(Path file) {
    /// The daemon answers.
    static final String UP = "up";
    /// Something is not as it has to be.
    static final String PROBLEM = "problem";
    /// A name and what it leads to, as they are found after the start.
    static final String FOUND = "found";
    /// All names have been told.
    static final String CHECKED = "checked";
    /// A step, the name that it is about, and what may be found of that from now on; also [#GONE] or [#PRESENT].
    static final String BEGIN = "begin";
    /// A step that was acknowledged, the name, and what is to be found of that; also [#GONE].
    static final String DONE = "done";
    /// All steps have been done.
    static final String COMPLETE = "complete";

    static final String GONE = "-";
    static final String PRESENT = "+";

    synchronized void tell(String... words) {
        String line = String.join("\t", words).replace("\n", " | ") + "\n";
        try {
            Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The lines that are whole.
    List<String[]> told() throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        String text = Files.readString(file);
        return text.substring(0, text.lastIndexOf('\n') + 1)
                .lines()
                .map(line -> line.split("\t", -1))
                .toList();
    }
}
