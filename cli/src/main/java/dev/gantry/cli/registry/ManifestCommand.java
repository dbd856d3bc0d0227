package dev.gantry.cli.registry;

import dev.gantry.cli.command.CommandException;
import dev.gantry.cli.command.Session;
import dev.gantry.cli.configuration.Credentials;
import dev.gantry.cli.engine.ApiException;
import dev.gantry.cli.engine.ImagePaths;
import dev.gantry.cli.engine.Query;
import dev.gantry.cli.image.ImageName;
import dev.gantry.cli.json.JsonReader;
import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.json.JsonWriter;
import dev.gantry.cli.option.Arguments;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// `manifest inspect`: what a registry has under a name. The daemon asks the registry, because it knows how.
final class ManifestCommand {
    private ManifestCommand() {}

    static int run(Session session, Arguments flags) throws IOException {
        ImageName name = ImageName.of(flags.operands().getLast()).withDefaultTag();
        Map<String, String> headers = Credentials.header(session, name.domain());
        JsonValue found;
        try {
            Query query = new Query().withFlag("insecure", flags.isSet("insecure"));
            found = session.engine().get("/gantry/manifests/" + ImagePaths.encoded(name.canonical()), query, headers);
        } catch (ApiException e) {
            throw problem(e, name);
        }
        String index = found.text("Index");
        List<JsonValue> manifests = found.items("Manifests");
        if (flags.isSet("verbose")) {
            List<JsonValue> all = new ArrayList<>();
            for (JsonValue each : manifests) {
                all.add(verbose(each));
            }
            session.out().println(JsonWriter.tabbed(index.isEmpty() ? all.getFirst() : new JsonValue.Items(all)));
        } else if (index.isEmpty()) {
            session.out().println(JsonWriter.tabbed(document(manifests.getFirst())));
            session.out().println(); // as Docker's client
        } else {
            session.out().println(JsonWriter.indentedBy("   ", list(index, manifests)));
        }
        return 0;
    }

    /// In the words of Docker's client, which asks the registry itself and reads the name before.
    private static IOException problem(ApiException e, ImageName name) {
        return switch (e.status()) {
            case 400 -> new CommandException(e.detail());
            case 404 -> new CommandException("no such manifest: " + name.familiar());
            default -> e;
        };
    }

    private static JsonValue document(JsonValue manifest) throws IOException {
        byte[] raw = Base64.getDecoder().decode(manifest.text("Raw"));
        return JsonReader.read(new String(raw, StandardCharsets.UTF_8));
    }

    private static JsonValue verbose(JsonValue manifest) throws IOException {
        boolean oci = manifest.get("Descriptor").text("mediaType").startsWith("application/vnd.oci.");
        return JsonValue.object()
                .put("Ref", manifest.text("Ref"))
                .put("Descriptor", manifest.get("Descriptor"))
                .put("Raw", manifest.text("Raw"))
                .put(oci ? "OCIManifest" : "SchemaV2Manifest", document(manifest))
                .build();
    }

    /// As Docker's client makes it anew, without what only the registry's document has.
    private static JsonValue list(String mediaType, List<JsonValue> manifests) {
        List<JsonValue> entries = new ArrayList<>();
        for (JsonValue each : manifests) {
            JsonValue descriptor = each.get("Descriptor");
            entries.add(JsonValue.object()
                    .put("mediaType", descriptor.text("mediaType"))
                    .put("size", descriptor.number("size"))
                    .put("digest", descriptor.text("digest"))
                    .put("platform", descriptor.get("platform"))
                    .build());
        }
        return JsonValue.object()
                .put("schemaVersion", 2)
                .put("mediaType", mediaType)
                .put("manifests", new JsonValue.Items(entries))
                .build();
    }
}
