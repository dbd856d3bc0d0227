package dev.gantry.bench;

import dev.gantry.e2e.BusyboxImage;
import dev.gantry.e2e.Command;
import dev.gantry.e2e.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// The tools that make a container and nothing else, on a bundle with the same root file system: no daemon, no image,
/// no log, no API.
final class RuntimeRun implements AutoCloseable {
    private final AtomicInteger number = new AtomicInteger();
    private final Path directory;
    private final Path state;

    /// Unpacks the root file system and writes runc's own default configuration beside it.
    RuntimeRun() throws IOException {
        directory = Files.createTempDirectory("gantry-bench");
        state = Path.of(System.getProperty("e2e.runDirectory", directory.toString()))
                .resolve(directory.getFileName());
        Path root = Files.createDirectory(directory.resolve("rootfs"));
        expect(Command.run(List.of("tar", "-x", "-C", root.toString()), Map.of(), BusyboxImage.tar()));
    }

    /// Those that are installed and can start a container here; the others are named to `report` with the reason.
    List<Contender> contenders(Report report) throws IOException {
        List<Contender> all = new ArrayList<>();
        if (isInstalled("runc")) {
            expect(Command.run(List.of("runc", "spec", "--bundle", directory.toString()), Map.of()));
            Path config = directory.resolve("config.json");
            String spec = Files.readString(config);
            Files.writeString(
                    config,
                    spec.replace("\"terminal\": true", "\"terminal\": false").replace("\"sh\"", "\"true\""));
        }
        for (String runtime : List.of("runc", "crun")) {
            add(
                    all,
                    report,
                    runtime,
                    () -> List.of(
                            runtime,
                            "--root",
                            state.resolve(runtime).toString(),
                            "run",
                            "--bundle",
                            directory.toString(),
                            "bench-" + number.incrementAndGet()));
        }
        add(
                all,
                report,
                "bwrap",
                () -> List.of(
                        "bwrap",
                        "--bind",
                        directory.resolve("rootfs").toString(),
                        "/",
                        "--unshare-all",
                        "--proc",
                        "/proc",
                        "--dev",
                        "/dev",
                        "true"));
        return all;
    }

    private interface Words {
        List<String> next();
    }

    private record Run(String name, Words words) implements Contender {
        @Override
        public long once() throws IOException {
            return new ProgramRun(name, words.next(), Map.of()).once();
        }
    }

    private static void add(List<Contender> all, Report report, String name, Words words) throws IOException {
        if (!isInstalled(name)) {
            report.skip(name, "not installed");
            return;
        }
        Result tried = Command.run(words.next(), Map.of());
        if (tried.exit() == 0) {
            all.add(new Run(name + " run", words));
        } else {
            report.skip(name, tried.err().strip().lines().findFirst().orElse("exit " + tried.exit()));
        }
    }

    private static boolean isInstalled(String program) throws IOException {
        return Command.run(List.of("sh", "-c", "command -v " + program), Map.of())
                        .exit()
                == 0;
    }

    private static void expect(Result result) throws IOException {
        if (result.exit() != 0) {
            throw new IOException(result.toString());
        }
    }

    @Override
    public void close() throws IOException {
        for (Path tree : List.of(state, directory)) {
            if (Files.exists(tree)) {
                try (Stream<Path> files = Files.walk(tree)) {
                    files.sorted(Comparator.reverseOrder()).forEach(RuntimeRun::delete);
                }
            }
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
