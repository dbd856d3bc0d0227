package dev.gantry.cli.image;

import dev.gantry.cli.command.Session;
import dev.gantry.cli.engine.Exchange;
import dev.gantry.cli.engine.Query;
import dev.gantry.cli.json.JsonReader;
import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.option.Arguments;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// `import`: an image of a tar archive from standard input, a file, or a place that the daemon fetches it from.
final class ImportCommand {
    private ImportCommand() {}

    static int run(Session session, Arguments flags) throws IOException {
        String source = flags.operand(0);
        boolean remote = source.startsWith("http://") || source.startsWith("https://");
        String reference = flags.operand(1);
        Query query = new Query()
                .with("fromSrc", remote ? source : "-")
                .withText("message", flags.text("message"))
                .withText("platform", flags.text("platform"))
                .withText("repo", reference);
        flags.list("change").forEach(change -> query.with("changes", change));
        try (InputStream content = remote ? InputStream.nullInputStream() : open(session, source);
                Exchange exchange = remote
                        ? session.engine().streamPost("/images/create", query, null)
                        : session.engine().upload("/images/create", query, content, "application/x-tar");
                JsonReader answers = JsonReader.over(exchange.input())) {
            for (JsonValue answer = answers.next(); answer != null; answer = answers.next()) {
                show(session, answer);
            }
        }
        return 0;
    }

    private static InputStream open(Session session, String source) throws IOException {
        if (source.equals("-")) {
            return session.input();
        }
        try {
            return Files.newInputStream(Path.of(source));
        } catch (NoSuchFileException e) {
            throw new IOException("open " + source + ": no such file or directory", e);
        }
    }

    private static void show(Session session, JsonValue answer) throws IOException {
        String problem = answer.get("errorDetail").text("message");
        if (problem.isEmpty()) {
            problem = answer.text("error");
        }
        if (!problem.isEmpty()) {
            throw new IOException(problem);
        }
        String id = answer.text("id").isEmpty() ? "" : answer.text("id") + ": ";
        // progress is for terminals; what stays at the end is the image's ID
        if (answer.text("progress").isEmpty()) {
            session.out().println(id + answer.text("status") + answer.text("stream"));
        }
    }
}
