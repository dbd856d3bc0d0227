package dev.gantry.engine.check;

import dev.gantry.engine.container.Container;
import dev.gantry.engine.container.Run;
import dev.gantry.engine.state.LifeCycle;
import dev.gantry.runtime.check.RuntimeProblem;
import dev.gantry.store.Layer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// One container: its place in the engine, its files, and what of it is on the host.
record ContainerPart(Household household, Container container, Tally tally) implements Part {
    private static final String RESTART = "stop the container and start it again";

    @Override
    public String name() {
        return container.id();
    }

    /// First without the container's lock, for nothing should have to wait for the check; what is found that way is
    /// looked at again while nobody can start, end or remove the container.
    @Override
    public List<Finding> look() throws IOException {
        tally.container(container.id());
        try {
            if (examined().isEmpty()) {
                return List.of();
            }
        } catch (IOException _) {
            // it may be on its way out
        }
        return container.changing(() -> {
            try {
                return examined();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private List<Finding> examined() throws IOException {
        LifeCycle state = container.state();
        boolean present = household.registry().find(container.id()).isPresent();
        if (!present || state instanceof LifeCycle.Removing) {
            return List.of();
        }
        List<Finding> found = new ArrayList<>();
        if (state instanceof LifeCycle.Dead(LifeCycle _, String error)) {
            found.add(Finding.advised(Kind.CONTAINER, container.id(), error, "remove the container again"));
            return found;
        }
        belonging(found);
        new FileChecks(container, state).addTo(found);
        Run run = container.run();
        if (run != null) {
            tally.running(
                    container.id(),
                    household.runtime().remainsOf(container.id()).size());
            for (RuntimeProblem each : run.process().check()) {
                found.add(finding(run, each));
            }
        } else if (container.isCleanedUp()) {
            remains(found);
        }
        return found;
    }

    private void belonging(List<Finding> found) {
        String name = container.definition().name();
        if (!household.names().isOwner(name, container.id())) {
            found.add(Finding.advised(
                    Kind.NAME, container.id(), "its name " + name + " leads elsewhere", "restart the daemon"));
        }
        if (!container.lease().isOpen()) {
            found.add(Finding.advised(
                    Kind.LEASE, container.id(), "nothing keeps the layers of its image", "restart the daemon"));
        }
        boolean removed = household.store().list().stream()
                .noneMatch(image -> image.id().equals(container.definition().image()));
        for (Layer each : container.lease().layers()) {
            // of an image that is there, the store says so itself
            if (removed && !Files.isDirectory(each.tree())) {
                found.add(Finding.advised(
                        Kind.LAYER,
                        each.diffId(),
                        "its tree is missing, and container " + container.id() + " needs it",
                        "import or pull the image again"));
            }
        }
    }

    /// What is left on the host of a container that does not run.
    private void remains(List<Finding> found) throws IOException {
        List<Path> remains = household.runtime().remainsOf(container.id());
        if (!remains.isEmpty()) {
            found.add(Finding.mendable(
                    Kind.RUNTIME,
                    container.id(),
                    "does not run, and there is " + remains.getFirst(),
                    "end its processes, remove its cgroups and state",
                    () -> whileAtRest(() -> household.runtime().discard(container.id()))));
        }
        if (Files.exists(container.files().journals())) {
            found.add(Finding.mendable(
                    Kind.OUTPUT,
                    container.id(),
                    "does not run, and output of it is not in its log",
                    "record it",
                    () -> whileAtRest(() -> container.log().settle())));
        }
    }

    private void whileAtRest(Remedy.Step step) throws IOException {
        FileChecks.locked(container, () -> {
            if (container.run() != null || !container.isCleanedUp()) {
                throw new IOException("it runs now");
            }
            step.run();
        });
    }

    private Finding finding(Run run, RuntimeProblem problem) {
        String id = container.id();
        return switch (problem) {
            case RuntimeProblem.NoState(Path directory) ->
                Finding.advised(Kind.RUNTIME, id, directory + " is missing: the next daemon will not find it", RESTART);
            case RuntimeProblem.NoRecord(Path file) ->
                Finding.advised(
                        Kind.RUNTIME, id, file + " is missing or damaged: the next daemon will not find it", RESTART);
            case RuntimeProblem.BrokenFile(Path file) ->
                mendable(run, problem, Kind.RUNTIME, file + " is not whole", "remove it");
            case RuntimeProblem.NoSupervisor(int pid) ->
                Finding.advised(Kind.SUPERVISOR, id, "its supervisor " + pid + " has ended before it", RESTART);
            case RuntimeProblem.SupervisorElsewhere(int pid, Path group) ->
                Finding.advised(Kind.CGROUP, id, "its supervisor " + pid + " is not in " + group, RESTART);
            case RuntimeProblem.NoProcess(int pid) ->
                Finding.advised(
                        Kind.PROCESS, id, "process " + pid + " has ended, and its supervisor does not say so", RESTART);
            case RuntimeProblem.NoGroup(Path group) -> Finding.advised(Kind.CGROUP, id, group + " is missing", RESTART);
            case RuntimeProblem.ProcessElsewhere(int pid, Path group) ->
                Finding.advised(Kind.CGROUP, id, "process " + pid + " is not in " + group, RESTART);
            case RuntimeProblem.StraySupervisor(int pid) ->
                mendable(
                        run,
                        problem,
                        Kind.SUPERVISOR,
                        "supervisor " + pid + " belongs to no process that is known",
                        "end it with what it has made");
            case RuntimeProblem.DeadExec(String exec, Path file) ->
                mendable(
                        run,
                        problem,
                        Kind.EXEC,
                        "the supervisor of exec " + exec + " has ended, and there is " + file,
                        "remove the file");
        };
    }

    private Finding mendable(Run run, RuntimeProblem problem, Kind kind, String text, String repair) {
        return Finding.mendable(kind, container.id(), text, repair, () -> {
            if (!run.process().check().contains(problem)) {
                throw new IOException("it is not so any more");
            }
            run.process().mend(problem);
        });
    }
}
