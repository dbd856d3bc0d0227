package dev.gantry.runtime;

import dev.gantry.kernel.PolledInput;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.kernel.Signal;
import dev.gantry.oci.runtime.Resources;
import dev.gantry.runtime.check.ContainerCheck;
import dev.gantry.runtime.check.RuntimeProblem;
import dev.gantry.runtime.usage.Pressure;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A container that [HostRuntime] has started.
final class StartedContainer implements RunningContainer {
    private final StartedProcess process;
    private final String id;
    private final Belongings belongings;
    private final SafeDirectory root;
    private final ContainerExecs execs;
    private final boolean ownPidNamespace;

    /// @param ownPidNamespace whether the kernel kills all processes with the main one
    StartedContainer(ContainerExecs.Container container, ContainerExecs execs, boolean ownPidNamespace) {
        this.process = container.main();
        this.id = container.id();
        this.belongings = container.belongings();
        this.root = container.root();
        this.execs = execs;
        this.ownPidNamespace = ownPidNamespace;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public int pid() {
        return process.pid();
    }

    @Override
    public Instant startedAt() {
        return process.startedAt();
    }

    @Override
    public @Nullable OutputStream stdin() {
        return process.stdin();
    }

    @Override
    public PolledInput stdout() {
        return process.stdout();
    }

    @Override
    public @Nullable PolledInput stderr() {
        return process.stderr();
    }

    @Override
    public void resize(int rows, int columns) throws IOException {
        process.resize(rows, columns);
    }

    @Override
    public void kill(Signal signal) throws IOException {
        process.kill(signal);
    }

    @Override
    public ExitStatus awaitExit() throws IOException, InterruptedException {
        ExitStatus status = process.awaitExit();
        if (!ownPidNamespace) {
            belongings.kill(); // what it left behind holds the pipes
        }
        return status;
    }

    @Override
    public void drained() throws IOException {
        process.drained();
    }

    @Override
    public ContainerProcess exec(ExecLaunch launch) throws IOException {
        return execs.execute(launch);
    }

    @Override
    public void pause() throws IOException {
        belongings.cgroup().freeze();
    }

    @Override
    public void resume() throws IOException {
        belongings.cgroup().thaw();
    }

    @Override
    public boolean isPaused() throws IOException {
        return belongings.cgroup().isFrozen();
    }

    @Override
    public List<String> update(Resources resources) throws IOException {
        List<String> warnings = new ArrayList<>();
        belongings.cgroup().update(resources, warnings::add);
        return warnings;
    }

    @Override
    public Map<String, Pressure> pressure() throws IOException {
        return belongings.cgroup().pressure();
    }

    @Override
    public List<Integer> processes() throws IOException {
        return belongings.cgroup().processes();
    }

    @Override
    public boolean outOfMemory() {
        return belongings.outOfMemory();
    }

    @Override
    public void delete() throws IOException {
        belongings.remove();
        process.awaitSupervisor();
    }

    @Override
    public List<RuntimeProblem> check() throws IOException {
        var main = new ContainerCheck.MainProcess() {
            @Override
            public int pid() {
                return process.pid();
            }

            @Override
            public boolean hasEnded() throws IOException {
                return process.hasEnded();
            }

            @Override
            public boolean isRecorded() throws IOException {
                return belongings.state().status().read().isPresent();
            }
        };
        return new ContainerCheck(belongings.cgroup(), belongings.state()::recorded, main, execs::isExecuting).run();
    }

    @Override
    public void mend(RuntimeProblem problem) throws IOException {
        switch (problem) {
            case RuntimeProblem.StraySupervisor(int pid) -> new Strays(belongings.cgroup()).end(pid);
            case RuntimeProblem.DeadExec(String _, Path file) ->
                belongings.state().removeExec(file);
            case RuntimeProblem.BrokenFile(Path file) -> belongings.state().removeExec(file);
            case RuntimeProblem.NoState _,
                    RuntimeProblem.NoRecord _,
                    RuntimeProblem.NoSupervisor _,
                    RuntimeProblem.SupervisorElsewhere _,
                    RuntimeProblem.NoProcess _,
                    RuntimeProblem.NoGroup _,
                    RuntimeProblem.ProcessElsewhere _ ->
                throw new IllegalArgumentException("got what cannot be mended: " + problem);
        }
    }

    @Override
    public SafeDirectory root() {
        return root;
    }

    @Override
    public void close() {
        root.close();
        process.close();
    }
}
