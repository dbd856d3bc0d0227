package dev.gantry.runtime.check;

import dev.gantry.runtime.cgroup.Cgroup;
import dev.gantry.runtime.shim.ProcessStatus;
import dev.gantry.runtime.shim.ShimRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/// One look at a running container: its record, supervisors, process and cgroups.
public final class ContainerCheck {
    private final Cgroup cgroup;
    private final Records records;
    private final MainProcess main;
    private final BooleanSupplier executing;
    private final List<RuntimeProblem> problems = new ArrayList<>();

    /// Reads what is recorded at the moment.
    public interface Records {
        RecordedContainer read() throws IOException;
    }

    /// The container's main process.
    public interface MainProcess {
        int pid();

        /// The process that its supervisor watches: the same, or another runtime's that stands for it.
        int watched();

        /// Whether it has ended, waited for or not.
        boolean hasEnded() throws IOException;

        /// Whether its supervisor has written how it ended.
        boolean isRecorded() throws IOException;
    }

    /// @param executing whether a process is being executed in the container at the moment
    public ContainerCheck(Cgroup cgroup, Records records, MainProcess main, BooleanSupplier executing) {
        this.cgroup = cgroup;
        this.records = records;
        this.main = main;
        this.executing = executing;
    }

    /// What is wrong now.
    public List<RuntimeProblem> run() throws IOException {
        List<Integer> supervisors = cgroup.supervisors();
        // asked after the supervisors were listed and before the records are read: what was being executed when they
        // were listed has a record by now, or has come to nothing
        boolean settled = !executing.getAsBoolean();
        RecordedContainer recorded = records.read();
        if (!Files.isDirectory(recorded.directory())) {
            problems.add(new RuntimeProblem.NoState(recorded.directory()));
        } else if (recorded.main() == null || recorded.main().pid() != main.watched()) {
            problems.add(new RuntimeProblem.NoRecord(recorded.record()));
        }
        recorded.broken().forEach(file -> problems.add(new RuntimeProblem.BrokenFile(file)));
        ShimRecord shim = recorded.main();
        if (shim != null && shim.pid() == main.watched()) {
            supervisor(shim, supervisors);
        }
        execs(recorded);
        if (settled) {
            recorded.unfinished().forEach(file -> problems.add(new RuntimeProblem.BrokenFile(file)));
        }
        if (settled && shim != null) {
            strays(recorded, shim, supervisors);
        }
        groups();
        return List.copyOf(problems);
    }

    private void supervisor(ShimRecord shim, List<Integer> supervisors) throws IOException {
        if (!shim.identity().lives()) {
            problems.add(new RuntimeProblem.NoSupervisor(shim.identity().pid()));
        } else if (!supervisors.contains(shim.identity().pid())) {
            problems.add(new RuntimeProblem.SupervisorElsewhere(shim.identity().pid(), supervisorGroup()));
        } else if (main.hasEnded() && !main.isRecorded()) {
            problems.add(new RuntimeProblem.NoProcess(main.pid()));
        }
    }

    private void execs(RecordedContainer recorded) throws IOException {
        for (RecordedContainer.Exec each : recorded.execs()) {
            if (!each.shim().identity().lives()) {
                problems.add(new RuntimeProblem.DeadExec(each.id(), each.file()));
            }
        }
    }

    private void strays(RecordedContainer recorded, ShimRecord shim, List<Integer> supervisors) throws IOException {
        Set<Integer> known = new HashSet<>();
        known.add(shim.identity().pid());
        recorded.execs().forEach(exec -> known.add(exec.shim().identity().pid()));
        for (int each : supervisors) {
            boolean alive =
                    ProcessStatus.of(each).filter(status -> !status.isZombie()).isPresent();
            if (!known.contains(each) && alive) {
                problems.add(new RuntimeProblem.StraySupervisor(each));
            }
        }
    }

    private void groups() throws IOException {
        for (Path each : cgroup.ownDirectories()) {
            if (!Files.isDirectory(each)) {
                problems.add(new RuntimeProblem.NoGroup(each));
            } else if (!each.equals(supervisorGroup())
                    && !Cgroup.processesIn(each).contains(main.pid())
                    && !main.hasEnded()) {
                problems.add(new RuntimeProblem.ProcessElsewhere(main.pid(), each));
            }
        }
    }

    private Path supervisorGroup() {
        return cgroup.supervisorFile().resolveSibling(".").normalize();
    }
}
