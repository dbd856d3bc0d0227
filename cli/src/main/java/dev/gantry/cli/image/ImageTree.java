package dev.gantry.cli.image;

import dev.gantry.cli.command.CommandException;
import dev.gantry.cli.command.Session;
import dev.gantry.cli.engine.Query;
import dev.gantry.cli.format.Formatter;
import dev.gantry.cli.format.Human;
import dev.gantry.cli.format.Row;
import dev.gantry.cli.format.Shortened;
import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.option.Arguments;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `images --tree`: the names of each image, and below them its platforms, with what they take on the disk.
final class ImageTree {
    private static final String TABLE = "table {{.Image}}\\t{{.ID}}\\t{{.Content}}\\t{{.Unpacked}}\\t{{.Containers}}";
    private static final Map<String, String> HEADINGS = Map.of(
            "Image", "IMAGE",
            "ID", "ID",
            "Content", "CONTENT SIZE",
            "Unpacked", "UNPACKED",
            "Containers", "IN USE");

    private ImageTree() {}

    static int run(Session session, Arguments flags, List<String> filters) throws IOException {
        for (String other : List.of("quiet", "format")) {
            if (flags.has(other)) {
                throw new CommandException("--" + other + " is not yet supported with --tree");
            }
        }
        Query query = new Query().withFlag("all", flags.isSet("all")).withFlag("manifests", true);
        boolean full = flags.isSet("no-trunc");
        List<Row> rows = new ArrayList<>();
        for (JsonValue image :
                session.engine().get("/images/json", query.withFilters(filters)).items()) {
            addImage(rows, image, full);
        }
        session.out().print(new Formatter(TABLE, HEADINGS).format(rows));
        return 0;
    }

    private static void addImage(List<Row> rows, JsonValue image, boolean full) {
        List<JsonValue> manifests = image.items("Manifests").stream()
                .filter(each -> each.text("Kind").equals("image"))
                .toList();
        long content = 0;
        long unpacked = 0;
        long containers = 0;
        for (JsonValue each : manifests) {
            content += each.get("Size").number("Content");
            unpacked += unpacked(each);
            containers += containers(each);
        }
        List<String> names = new ArrayList<>(image.get("RepoTags").texts());
        if (names.isEmpty()) {
            names.addAll(image.get("RepoDigests").texts());
        }
        String first = names.isEmpty() ? "<untagged>" : names.getFirst();
        rows.add(row(first, id(image.text("Id"), full), Human.size(content), Human.size(unpacked), inUse(containers)));
        names.stream().skip(1).forEach(name -> rows.add(row(name, "", "", "", "")));
        for (int i = 0; i < manifests.size(); i++) {
            JsonValue each = manifests.get(i);
            String branch = i == manifests.size() - 1 ? "└─ " : "├─ ";
            boolean here = Boolean.parseBoolean(each.get("Available").text());
            rows.add(row(
                    branch + platform(each.get("ImageData").get("Platform")),
                    id(each.text("ID"), full),
                    here ? Human.size(each.get("Size").number("Content")) : "-",
                    here ? Human.size(unpacked(each)) : "-",
                    inUse(containers(each))));
        }
    }

    private static long unpacked(JsonValue manifest) {
        return manifest.get("ImageData").get("Size").number("Unpacked");
    }

    private static long containers(JsonValue manifest) {
        return manifest.get("ImageData").get("Containers").items().size();
    }

    private static String inUse(long containers) {
        return containers == 0 ? "" : Long.toString(containers);
    }

    private static String platform(JsonValue platform) {
        String variant = platform.text("variant");
        return platform.text("os") + "/" + platform.text("architecture") + (variant.isEmpty() ? "" : "/" + variant);
    }

    private static String id(String id, boolean full) {
        return full ? id : Shortened.id(id);
    }

    private static Row row(String image, String id, String content, String unpacked, String containers) {
        return new Row("*image.treeContext")
                .with("Image", () -> image)
                .with("ID", () -> id)
                .with("Content", () -> content)
                .with("Unpacked", () -> unpacked)
                .with("Containers", () -> containers);
    }
}
