package dev.gantry.cli.image;

import dev.gantry.cli.command.Session;
import dev.gantry.cli.engine.Query;
import dev.gantry.cli.format.Formatter;
import dev.gantry.cli.format.Human;
import dev.gantry.cli.format.Row;
import dev.gantry.cli.format.Shortened;
import dev.gantry.cli.format.Times;
import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.option.Arguments;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `images`: one row for each tag, or for each digest where there is none.
public final class ImageListCommand {
    private static final String NONE = "<none>";
    private static final String TABLE = "table {{.Repository}}\\t{{.Tag}}\\t{{.ID}}\\t"
            + "{{if .CreatedSince }}{{.CreatedSince}}{{else}}N/A{{end}}\\t{{.Size}}";
    private static final String TABLE_WITH_DIGESTS = "table {{.Repository}}\\t{{.Tag}}\\t{{.Digest}}\\t{{.ID}}\\t"
            + "{{if .CreatedSince }}{{.CreatedSince}}{{else}}N/A{{end}}\\t{{.Size}}";
    /// What stands above the columns.
    public static final Map<String, String> HEADINGS = Map.of(
            "ID", "IMAGE ID",
            "Repository", "REPOSITORY",
            "Tag", "TAG",
            "Digest", "DIGEST",
            "CreatedSince", "CREATED",
            "CreatedAt", "CREATED AT",
            "Size", "SIZE",
            "Containers", "CONTAINERS",
            "SharedSize", "SHARED SIZE",
            "UniqueSize", "UNIQUE SIZE");

    private ImageListCommand() {}

    static int run(Session session, Arguments flags) throws IOException {
        if (flags.isSet("tree")) {
            return ImageTree.run(session, flags, filters(flags));
        }
        boolean digests = flags.isSet("digests");
        String given = flags.text("format");
        Formatter formatter = new Formatter(format(given, flags.isSet("quiet"), digests), HEADINGS);
        Query query = new Query().withFlag("all", flags.isSet("all"));
        JsonValue images = session.engine().get("/images/json", query.withFilters(filters(flags)));
        boolean shortened = !flags.isSet("no-trunc");
        boolean needsDigest = digests || given.contains("{{.Digest}}");
        List<Row> rows = new ArrayList<>();
        images.items().forEach(image -> rows.addAll(rows(image, shortened, digests, needsDigest)));
        session.out().print(formatter.format(rows));
        return 0;
    }

    private static List<String> filters(Arguments flags) {
        List<String> filters = new ArrayList<>(flags.list("filter"));
        if (!flags.operand(0).isEmpty()) {
            filters.add("reference=" + flags.operand(0));
        }
        return filters;
    }

    private static String format(String given, boolean quiet, boolean digests) {
        return switch (given) {
            case "", "table" -> quiet ? "{{.ID}}" : digests ? TABLE_WITH_DIGESTS : TABLE;
            default ->
                given.startsWith("table") && digests && !given.contains("{{.Digest}}")
                        ? given + "\t{{.Digest}}"
                        : given;
        };
    }

    private static List<Row> rows(JsonValue image, boolean shortened, boolean digests, boolean needsDigest) {
        Map<String, List<String>> tags = group(image.get("RepoTags").texts(), ':');
        Map<String, List<String>> byDigest = group(image.get("RepoDigests").texts(), '@');
        List<Row> rows = new ArrayList<>();
        tags.forEach((repository, names) -> {
            List<String> known = byDigest.getOrDefault(repository, List.of());
            byDigest.remove(repository);
            for (String tag : names) {
                if (known.isEmpty() || !needsDigest) {
                    rows.add(row(image, repository, tag, NONE, shortened));
                } else {
                    known.forEach(digest -> rows.add(row(image, repository, tag, digest, shortened)));
                }
            }
        });
        byDigest.forEach((repository, known) -> {
            if (digests) {
                known.forEach(digest -> rows.add(row(image, repository, NONE, digest, shortened)));
            } else {
                rows.add(row(image, repository, NONE, "", shortened));
            }
        });
        if (rows.isEmpty()) {
            rows.add(row(image, NONE, NONE, NONE, shortened));
        }
        return rows;
    }

    /// The row of an image under its first tag.
    public static Row first(JsonValue image, boolean shortened) {
        List<String> tags = image.get("RepoTags").texts();
        String name = tags.isEmpty() || tags.getFirst().startsWith(NONE) ? NONE + ":" + NONE : tags.getFirst();
        int colon = name.lastIndexOf(':');
        return row(image, name.substring(0, colon), name.substring(colon + 1), "", shortened);
    }

    private static Map<String, List<String>> group(List<String> references, char separator) {
        Map<String, List<String>> grouped = new LinkedHashMap<>();
        for (String reference : references) {
            int at = reference.lastIndexOf(separator);
            if (at > 0 && !reference.startsWith(NONE)) {
                grouped.computeIfAbsent(reference.substring(0, at), _ -> new ArrayList<>())
                        .add(reference.substring(at + 1));
            }
        }
        return grouped;
    }

    private static Row row(JsonValue image, String repository, String tag, String digest, boolean shortened) {
        long size = image.number("Size");
        long shared = image.get("SharedSize").isNull() ? -1 : image.number("SharedSize");
        long containers = image.get("Containers").isNull() ? -1 : image.number("Containers");
        return new Row("*formatter.imageContext")
                .with("ID", () -> shortened ? Shortened.id(image.text("Id")) : image.text("Id"))
                .with("Repository", () -> repository)
                .with("Tag", () -> tag)
                .with("Digest", () -> digest)
                .with("CreatedSince", () -> Times.ago(image.number("Created")))
                .with("CreatedAt", () -> Times.plain(image.number("Created")))
                .with("Size", () -> Human.size(size))
                .with("Containers", () -> containers == -1 ? "N/A" : Long.toString(containers))
                .with("VirtualSize", () -> Human.preciseSize(size))
                .with("SharedSize", () -> shared == -1 ? "N/A" : Human.preciseSize(shared))
                .with("UniqueSize", () -> shared == -1 ? "N/A" : Human.preciseSize(size - shared));
    }
}
