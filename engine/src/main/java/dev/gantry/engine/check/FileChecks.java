package dev.gantry.engine.check;

import dev.gantry.engine.container.Container;
import dev.gantry.engine.container.ContainerFiles;
import dev.gantry.engine.container.Definition;
import dev.gantry.engine.state.LifeCycle;
import dev.gantry.engine.state.StateRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The durable files of a container against what the engine knows of it.
///
/// @param state what the container does while its files are looked at
record FileChecks(Container container, LifeCycle state) {
    void addTo(List<Finding> found) throws IOException {
        ContainerFiles files = container.files();
        if (!Files.isDirectory(files.directory())) {
            found.add(Finding.advised(
                    Kind.CONTAINER, container.id(), files.directory() + " is missing", "remove the container"));
            return;
        }
        config(found);
        state(found);
        directories(found);
        names(found);
        for (Path each : files.unfinished()) {
            found.add(Finding.mendable(Kind.FILE, each, "was not finished", "remove it", () -> remove(each)));
        }
    }

    private void config(List<Finding> found) {
        String problem;
        try {
            Definition written = container.files().definition();
            Definition known = container.definition();
            boolean same = written.id().equals(known.id()) && written.name().equals(known.name());
            problem = same ? "" : "its config.json is that of container " + written.id() + ", " + written.name();
        } catch (IOException e) {
            problem = "its config.json cannot be read: " + e.getMessage();
        }
        if (!problem.isEmpty()) {
            found.add(Finding.mendable(
                    Kind.CONFIG,
                    container.id(),
                    problem,
                    "write it again",
                    () -> locked(container, () -> container.files().write(container.definition()))));
        }
    }

    private void state(List<Finding> found) throws IOException {
        Optional<StateRecord> written = container.files().recorded();
        String known = state.durable().status();
        String problem = "";
        if (written.isPresent()) {
            // what is being removed in memory is not so on the disk; a start is on the disk before it is here
            boolean same = written.get().status().equals(known);
            problem = same ? "" : "its state file says " + written.get().status() + ", and it is " + known;
        } else if (Files.exists(container.files().stateFile())) {
            problem = "neither half of its state file is whole";
        } else if (!known.equals("created")) {
            problem = "its state file is missing, and it is " + known;
        }
        if (!problem.isEmpty()) {
            found.add(Finding.mendable(
                    Kind.STATE,
                    container.id(),
                    problem,
                    "write what the engine knows",
                    () -> locked(container, () -> container.files().write(container.state(), container.restarts()))));
        }
    }

    private void directories(List<Finding> found) {
        ContainerFiles files = container.files();
        if (!Files.isDirectory(files.upper())) {
            found.add(missing(
                    files.upper(),
                    "is missing, and with it what the container wrote",
                    "make an empty one, so that the container can start"));
        }
        if (!Files.isDirectory(files.work())) {
            found.add(missing(files.work(), "is missing: the container cannot start", "make it"));
        }
    }

    private Finding missing(Path directory, String problem, String repair) {
        if (state.isAlive()) {
            return Finding.advised(Kind.FILE, directory, problem, "stop the container and repair then");
        }
        return Finding.mendable(
                Kind.FILE,
                directory,
                problem,
                repair,
                () -> locked(container, () -> {
                    if (container.run() != null) {
                        throw new IOException("the container runs now");
                    }
                    container.files().makeOverlay();
                }));
    }

    private void names(List<Finding> found) {
        ContainerFiles files = container.files();
        for (Path each : List.of(files.hostname(), files.hosts(), files.resolvConf())) {
            if (!Files.isRegularFile(each)) {
                found.add(Finding.mendable(
                        Kind.FILE,
                        each,
                        "is missing: the container cannot start",
                        "write it again",
                        () -> locked(container, () -> files.writeNames(container.definition()))));
            }
        }
    }

    private void remove(Path unfinished) throws IOException {
        locked(container, () -> Files.deleteIfExists(unfinished));
    }

    /// Does something while nobody changes the container.
    static void locked(Container container, Remedy.Step step) throws IOException {
        try {
            container.changing(() -> {
                try {
                    step.run();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
