package dev.gantry.cli.create;

import dev.gantry.cli.json.JsonReader;
import dev.gantry.cli.json.JsonWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// `--security-opt`: seccomp profiles are read here and sent along, because the file is on the client's machine.
///
/// @param options what the daemon gets
/// @param unmasked whether `systempaths=unconfined` was among them, which the client turns into empty path lists
record SecurityOptions(List<String> options, boolean unmasked) {
    static SecurityOptions parse(List<String> values) {
        List<String> options = new ArrayList<>();
        boolean unmasked = false;
        for (String value : values) {
            if (value.equals("systempaths=unconfined")) {
                unmasked = true;
            } else {
                options.add(option(value));
            }
        }
        return new SecurityOptions(options, unmasked);
    }

    private static String option(String value) {
        int separator = value.indexOf('=');
        if (value.startsWith("no-new-privileges")) {
            return value;
        }
        if (separator < 0) {
            separator = value.indexOf(':');
        }
        if (separator < 0 || separator == value.length() - 1) {
            throw new IllegalArgumentException("invalid --security-opt: \"" + value + "\"");
        }
        String key = value.substring(0, separator);
        String argument = value.substring(separator + 1);
        if (!key.equals("seccomp") || argument.equals("unconfined") || argument.equals("builtin")) {
            return value;
        }
        return "seccomp=" + profile(argument);
    }

    private static String profile(String file) {
        String text;
        try {
            text = Files.readString(Path.of(file));
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(
                    "opening seccomp profile (" + file + ") failed: open " + file + ": no such file or directory", e);
        } catch (IOException e) {
            throw new IllegalArgumentException("opening seccomp profile (" + file + ") failed: " + e.getMessage(), e);
        }
        try {
            return JsonWriter.compact(JsonReader.read(text));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "compacting json for seccomp profile (" + file + ") failed: " + e.getMessage(), e);
        }
    }
}
