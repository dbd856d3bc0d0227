package dev.gantry.bench;

import dev.gantry.e2e.ClientKind;
import dev.gantry.e2e.Command;
import dev.gantry.e2e.DaemonUnderTest;
import dev.gantry.e2e.LocalRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Moves a [LargeImage] between engines, a registry on loopback, and archives. Daemons are driven by the stock
/// client, podman by its own.
final class Transfers implements AutoCloseable {
    private final Path directory;
    private final LocalRegistry registry;
    private final int rounds;
    private final LargeImage image;
    private final List<Engine> engines = new ArrayList<>();

    /// @param tls what a command that talks to a registry takes to do so without TLS
    private record Engine(String name, List<String> words, List<String> tls) {
        List<String> command(String verb, String... arguments) {
            List<String> all = new ArrayList<>(List.of(verb));
            if (verb.equals("pull") || verb.equals("push")) {
                all.addAll(tls);
            }
            all.addAll(List.of(arguments));
            return all;
        }
    }

    /// @param rounds how often each engine is to do something at most
    Transfers(List<DaemonUnderTest> daemons, Report report, int rounds) throws IOException {
        this.rounds = rounds;
        directory = Files.createTempDirectory("gantry-bench");
        registry = LocalRegistry.start();
        image = LargeImage.make();
        image.push(registry, "large", rounds, directory);
        for (DaemonUnderTest daemon : daemons) {
            List<String> client = List.of(ClientKind.DOCKER.program(), "-H", "unix://" + daemon.socket());
            engines.add(new Engine(daemon.kind().toString(), client, List.of()));
        }
        try {
            Command.run(List.of("podman", "--version"), Map.of());
            String root = directory.resolve("podman").toString();
            List<String> podman =
                    List.of("podman", "--root", root, "--runroot", root + "-run", "--storage-driver", "overlay");
            engines.add(new Engine("podman", podman, List.of("--tls-verify=false")));
        } catch (IOException e) {
            report.skip("podman", String.valueOf(e.getMessage()));
        }
    }

    /// The image of one round. No engine has seen it before.
    private String image(int round) {
        return registry.host() + "/large:" + round;
    }

    /// What a contender does in one round.
    private interface Round {
        Transfer of(Engine engine, String name, int round) throws IOException;
    }

    private List<Contender> contenders(String does, Round round) {
        return engines.stream()
                .<Contender>map(engine -> new Contender() {
                    private int rounds;

                    @Override
                    public String name() {
                        return engine.name() + " " + does;
                    }

                    @Override
                    public long once() throws IOException {
                        return round.of(engine, name(), rounds++).once();
                    }
                })
                .toList();
    }

    /// And the time that none of them can beat.
    List<Contender> pulls() throws IOException {
        List<Contender> all = new ArrayList<>(contenders(
                "pulls",
                (engine, name, round) ->
                        new Transfer(name, engine.words(), List.of(), engine.command("pull", "-q", image(round)))));
        all.add(new HashAndInflate(image.layers()));
        return all;
    }

    /// To a registry that has nothing yet.
    List<Contender> pushes() {
        return contenders("pushes", (engine, name, round) -> {
            LocalRegistry empty = LocalRegistry.start();
            String target = empty.host() + "/large:1";
            return new Transfer(
                    name,
                    engine.words(),
                    List.of(engine.command("pull", "-q", image(round)), engine.command("tag", image(round), target)),
                    engine.command("push", "-q", target),
                    List.of(engine.command("rmi", "-f", target)),
                    empty::close);
        });
    }

    List<Contender> saves() {
        return contenders(
                "saves",
                (engine, name, round) -> new Transfer(
                        name,
                        engine.words(),
                        List.of(engine.command("pull", "-q", image(round))),
                        engine.command(
                                "save",
                                "-o",
                                directory
                                        .resolve(engine.name() + round + ".tar")
                                        .toString(),
                                image(round))));
    }

    /// Of Docker's archives as skopeo writes them, the same for all.
    List<Contender> loads() throws IOException {
        for (int i = 0; i < rounds; i++) {
            LargeImage.run(
                    "skopeo",
                    "copy",
                    "--insecure-policy",
                    "--src-tls-verify=false",
                    "docker://" + image(i),
                    "docker-archive:" + archive(i) + ":" + image(i));
        }
        return contenders(
                "loads",
                (engine, name, round) -> new Transfer(
                        name, engine.words(), List.of(), engine.command("load", "-q", "-i", archive(round))));
    }

    private String archive(int round) {
        return directory.resolve("archive" + round + ".tar").toString();
    }

    @Override
    public void close() throws IOException {
        registry.close();
        Command.run(List.of("rm", "-rf", directory.toString()), Map.of());
    }
}
