package dev.gantry.cli.create;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Files of `NAME=value` lines, as `--env-file` and `--label-file` read them: `#` begins a comment line, a name alone
/// takes its value from the environment or is left out, nothing is unquoted.
public final class KeyValueFile {
    private KeyValueFile() {}

    /// The `NAME=value` texts of all files in order.
    ///
    /// @throws IllegalArgumentException with Docker's text
    public static List<String> read(List<String> files, Map<String, String> environment) {
        List<String> values = new ArrayList<>();
        for (String file : files) {
            int number = 0;
            for (String line : lines(file)) {
                number++;
                line(number == 1 ? line.replaceFirst("^\uFEFF", "") : line, environment, values);
            }
        }
        return values;
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("open " + file + ": no such file or directory", e);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("env file " + file + " contains invalid utf8 bytes", e);
        } catch (IOException e) {
            throw new IllegalArgumentException("open " + file + ": " + e.getMessage(), e);
        }
    }

    private static void line(String raw, Map<String, String> environment, List<String> values) {
        String line = raw.stripLeading();
        if (line.isEmpty() || line.startsWith("#")) {
            return;
        }
        int equals = line.indexOf('=');
        String name = equals < 0 ? line.stripTrailing() : line.substring(0, equals);
        if (name.chars().anyMatch(Character::isWhitespace)) {
            throw new IllegalArgumentException("variable '" + name + "' contains whitespaces");
        }
        if (name.isEmpty()) {
            throw new IllegalArgumentException("no variable name on line '" + line + "'");
        }
        if (equals >= 0) {
            values.add(line);
        } else if (environment.containsKey(name)) {
            values.add(name + "=" + environment.get(name));
        }
    }
}
