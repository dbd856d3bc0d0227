package dev.gantry.bench;

import dev.gantry.e2e.Command;
import dev.gantry.e2e.LocalRegistry;
import dev.gantry.e2e.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A Debian with some programs, about 300 MB in three layers, as an OCI layout of gzip layers; made once by
/// debootstrap, umoci and skopeo, and kept below `target`.
record LargeImage(Path layout) {
    private static final String MIRROR = "http://deb.debian.org/debian";
    private static final String DIGEST = "sha256:";
    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final Path DIRECTORY = Path.of("target", "bench-image");

    /// What each layer has of the tree, as GNU tar takes it.
    private static final List<List<String>> LAYERS = List.of(
            List.of("--exclude=./usr/share", "--exclude=./usr/lib/x86_64-linux-gnu", "."),
            List.of("./usr/lib/x86_64-linux-gnu"),
            List.of("./usr/share"));

    static LargeImage make() throws IOException {
        Path layout = DIRECTORY.resolve("layout").toAbsolutePath();
        if (!Files.exists(layout)) {
            Path unfinished = Files.createTempDirectory(Files.createDirectories(DIRECTORY), "making");
            build(unfinished);
            Files.move(unfinished.resolve("compressed"), layout);
            run("rm", "-rf", unfinished.toString());
        }
        return new LargeImage(layout);
    }

    private static void build(Path directory) throws IOException {
        String root = directory.resolve("root").toString();
        String plain = directory.resolve("plain").toString();
        String tar = directory.resolve("layer.tar").toString();
        run("debootstrap", "--variant=minbase", "--include=python3,git,binutils", "bookworm", root, MIRROR);
        run("rm", "-rf", root + "/var/cache/apt/archives", root + "/var/lib/apt/lists");
        run("umoci", "init", "--layout", plain);
        run("umoci", "new", "--image", plain + ":image");
        for (List<String> content : LAYERS) {
            List<String> words = new ArrayList<>(List.of("tar", "--one-file-system", "-cf", tar, "-C", root));
            words.addAll(content);
            run(words.toArray(String[]::new));
            run("umoci", "raw", "add-layer", "--image", plain + ":image", tar);
        }
        run(
                "skopeo",
                "copy",
                "--insecure-policy",
                "oci:" + plain + ":image",
                "oci:" + directory.resolve("compressed") + ":image");
    }

    /// The blobs of its layers, lowest first.
    List<Path> layers() throws IOException {
        return run("skopeo", "inspect", "--format", "{{range .Layers}}{{println .}}{{end}}", "oci:" + layout + ":image")
                .lines()
                .filter(line -> line.startsWith(DIGEST))
                .map(line -> layout.resolve("blobs/sha256").resolve(line.substring(DIGEST.length())))
                .toList();
    }

    /// Puts images of the same content and other digests into a registry, with the tags 0, 1 and so on.
    ///
    /// @param work a directory for what is in between
    void push(LocalRegistry registry, String repository, int count, Path work) throws IOException {
        List<Path> layers = layers();
        for (int i = 0; i < count; i++) {
            Path variant = work.resolve("variant");
            ImageVariant _ = ImageVariant.make(layers, registry.host() + "-" + i, variant);
            run(
                    "skopeo",
                    "copy",
                    "--insecure-policy",
                    "--dest-tls-verify=false",
                    "oci:" + variant + ":image",
                    "docker://%s/%s:%d".formatted(registry.host(), repository, i));
            run("rm", "-rf", variant.toString());
        }
    }

    static String run(String... words) throws IOException {
        try (Command command = Command.start(List.of(words), Map.of())) {
            Result result = command.await(LONGEST);
            if (result.exit() != 0) {
                throw new IOException(result.toString());
            }
            return result.out();
        }
    }
}
