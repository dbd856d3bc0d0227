package dev.gantry.cli.files;

import dev.gantry.cli.command.Session;
import dev.gantry.cli.engine.Query;
import dev.gantry.cli.http.HttpResponse;
import dev.gantry.cli.json.JsonReader;
import dev.gantry.cli.json.JsonValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// What a path in a container leads to, as the daemon says.
///
/// @param mode as Go's `os.FileMode` has it
record PathStat(long mode, String linkTarget) {
    private static final long DIRECTORY = 1L << 31;
    private static final long SYMLINK = 1L << 27;
    private static final long DEVICE = 1L << 26;

    static PathStat ask(Session session, String container, String path) throws IOException {
        return of(session.engine().head(CopyCommand.archive(container), new Query().with("path", path)));
    }

    static PathStat of(HttpResponse answer) throws IOException {
        try {
            byte[] text = Base64.getDecoder().decode(answer.header("x-docker-container-path-stat"));
            JsonValue stat = JsonReader.read(new String(text, StandardCharsets.UTF_8));
            return new PathStat(stat.number("mode"), stat.text("linkTarget"));
        } catch (IllegalArgumentException e) {
            throw new IOException("the daemon's answer has a malformed path status", e);
        }
    }

    boolean isDirectory() {
        return (mode & DIRECTORY) != 0;
    }

    boolean isSymlink() {
        return (mode & SYMLINK) != 0;
    }

    boolean isDevice() {
        return (mode & DEVICE) != 0;
    }
}
