package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A bundle with busybox, and OCI runtimes that are called with it.
final class OciBundle implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final Path directory;

    private OciBundle(Path directory) {
        this.directory = directory;
    }

    /// A bundle whose configuration is that of `gantry runtime spec`.
    static OciBundle create() throws IOException {
        OciBundle bundle = new OciBundle(Files.createTempDirectory("gantry-e2e"));
        Path root = Files.createDirectories(bundle.path().resolve("rootfs"));
        Result unpacked = Command.run(List.of("tar", "-x", "-C", root.toString()), Map.of(), BusyboxImage.tar());
        assertThat(unpacked.exit()).as(unpacked::toString).isZero();
        Result spec = gantry(bundle).run("spec", "--bundle", bundle.path().toString());
        assertThat(spec.exit()).as(spec::toString).isZero();
        return bundle;
    }

    /// An OCI runtime by its command, with a state root of its own.
    record Peer(String name, List<String> command, OciBundle bundle) {
        /// Runs a command. Its output goes through files: a container keeps the streams of who creates it.
        Result run(String... arguments) throws IOException {
            return withShell("exec \"$@\"", arguments);
        }

        /// The same from a shell script, for which the command is `"$@"`.
        Result withShell(String script, String... arguments) throws IOException {
            Path out = bundle.directory.resolve("out");
            Path err = bundle.directory.resolve("err");
            List<String> words = new ArrayList<>(
                    List.of("sh", "-c", "{ %s; } </dev/null >%s 2>%s".formatted(script, out, err), "sh"));
            words.addAll(words(arguments));
            Result result = Command.run(words, Environment.forGantry());
            return new Result(words, result.exit(), Files.readString(out), Files.readString(err));
        }

        /// Starts a command that makes no container.
        Command start(String... arguments) throws IOException {
            return Command.start(words(arguments), Environment.forGantry());
        }

        /// A command, for whoever starts it in another way.
        List<String> words(String... arguments) {
            List<String> words = new ArrayList<>(command);
            words.addAll(List.of(arguments));
            return words;
        }

        /// What `state` says.
        JsonNode state(String id) throws IOException {
            Result state = run("state", id);
            assertThat(state.exit()).as(state::toString).isZero();
            return JSON.readTree(state.out());
        }

        void awaitStatus(String id, String status) {
            Waiting.until(
                    () -> state(id).get("status").asString().equals(status), () -> "the container is not " + status);
        }
    }

    static Peer gantry(OciBundle bundle) {
        String state = bundle.directory.resolve("state-gantry").toString();
        return new Peer("gantry", List.of(Repository.gantry().toString(), "runtime", "--root", state), bundle);
    }

    static Peer runc(OciBundle bundle) {
        String state = bundle.directory.resolve("state-runc").toString();
        return new Peer("runc", List.of("runc", "--root", state), bundle);
    }

    Path path() {
        return directory.resolve("bundle");
    }

    /// A file beside the bundle.
    Path beside(String name) {
        return directory.resolve(name);
    }

    /// Changes the configuration.
    void configure(Consumer<ObjectNode> change) throws IOException {
        Path file = path().resolve("config.json");
        ObjectNode configuration = (ObjectNode) JSON.readTree(Files.readString(file));
        change.accept(configuration);
        Files.writeString(file, JSON.writeValueAsString(configuration));
    }

    /// Has the host run a shell's script as the only hook of its kind.
    void hook(String kind, String script) throws IOException {
        configure(configuration -> configuration
                .withObject("/hooks")
                .putArray(kind)
                .addObject()
                .put("path", "/bin/sh")
                .putArray("args")
                .add("sh")
                .add("-c")
                .add(script));
    }

    /// Has the container run a command.
    void command(String... words) throws IOException {
        configure(configuration -> {
            ArrayNode args = ((ObjectNode) configuration.get("process")).putArray("args");
            List.of(words).forEach(args::add);
        });
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
