package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.kernel.FileStatus;
import dev.gantry.kernel.HostFiles;
import dev.gantry.kernel.OpenMode;
import dev.gantry.kernel.OwnedFd;
import dev.gantry.oci.runtime.Mount;
import dev.gantry.oci.runtime.Namespace;
import dev.gantry.oci.runtime.Spec;
import dev.gantry.runtime.program.Architecture;
import dev.gantry.runtime.program.Condition;
import dev.gantry.runtime.program.Label;
import dev.gantry.runtime.program.OnError;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.Operation;
import dev.gantry.runtime.program.Program;
import dev.gantry.runtime.program.ProgramBuilder;
import dev.gantry.runtime.program.Slot;
import dev.gantry.runtime.program.Syscall;
import dev.gantry.runtime.program.encode.Assembler;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A process in a container that may trace others takes the descriptors of each process that appears in its PID
/// namespace, from the moment of its birth (pidfd_getfd(2) reaches those that are not dumpable, too). It must find
/// nothing of the host's: no directory, no cgroup, no file for the exit status.
@Timeout(120)
class DescriptorTheftIT {
    private static final int STAT_SIZE = 144;
    private static final int PROCESSES = 40;
    private static final int FORMAT = 0xF000;
    private static final int PIPE = 0x1000;
    private static final int DEVICE = 0x2000;
    private static final int DIRECTORY = 0x4000;

    private TestHost host;
    private RunningContainer thief;

    @BeforeEach
    void startThief() throws Exception {
        host = new TestHost();
        host.executable("thief", Assembler.assemble(program(), Architecture.host()));
        List<String> capabilities =
                new ArrayList<>(TestHost.spec().process().capabilities().bounding());
        capabilities.add("CAP_SYS_PTRACE");
        Spec spec = TestHost.with(TestHost.spec("/thief"), "process.capabilities.bounding", capabilities);
        spec = TestHost.with(spec, "process.capabilities.permitted", capabilities);
        thief = host.start(TestHost.with(spec, "process.capabilities.effective", capabilities));
    }

    @AfterEach
    void removeThief() throws Exception {
        TestHost.remove(thief);
        host.close();
    }

    /// Writes the `struct stat` of every descriptor that it gets, of one process after the other and then again.
    private static Program program() {
        var b = new ProgramBuilder(Program.NO_REPORT);
        Slot pid = b.slot("pid");
        Slot pidfd = b.slot("pidfd");
        Slot number = b.slot("number");
        Slot stolen = b.slot("stolen");
        Operand.Address stat = b.buffer("stat", STAT_SIZE);
        Label first = b.label("first");
        Label look = b.label("look");
        Label next = b.label("next");
        Label skip = b.label("skip");
        Label absent = b.label("absent");
        b.place(first);
        b.move(pid, Operand.of(2));
        b.place(look);
        b.call(pidfd, OnError.jump(absent), Syscall.PIDFD_OPEN, pid, Operand.of(0));
        b.move(number, Operand.of(3));
        b.place(next);
        b.call(stolen, OnError.jump(skip), Syscall.PIDFD_GETFD, pidfd, number, Operand.of(0));
        b.call(OnError.IGNORE, Syscall.FSTAT, stolen, stat);
        b.call(OnError.IGNORE, Syscall.WRITE, Operand.of(1), stat, Operand.of(STAT_SIZE));
        b.call(OnError.IGNORE, Syscall.CLOSE, stolen);
        b.place(skip);
        b.compute(number, Operation.ADD, Operand.of(1));
        b.jumpIf(number, Condition.LESS, Operand.of(64), next);
        b.call(OnError.IGNORE, Syscall.CLOSE, pidfd);
        b.place(absent);
        b.compute(pid, Operation.ADD, Operand.of(1));
        b.jumpIf(pid, Condition.LESS, Operand.of(PROCESSES + 10L), look);
        b.jump(first);
        return b.build();
    }

    /// What was stolen: kind of file, and the device that it is on.
    private record Loot(int kind, long device) {}

    private interface Prey {
        void run() throws Exception;
    }

    private List<Loot> loot(Prey prey) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var output = threads.submit(() -> thief.stdout().readAllBytes());
            try {
                for (int i = 0; i < PROCESSES; i++) {
                    prey.run();
                }
            } finally {
                // its output ends with it
                thief.kill(dev.gantry.kernel.Signal.KILL);
            }
            thief.awaitExit();
            ByteBuffer stats = ByteBuffer.wrap(output.get()).order(ByteOrder.LITTLE_ENDIAN);
            int modeAt = switch (Architecture.host()) {
                case X86_64 -> 24;
                case AARCH64 -> 16;
            };
            List<Loot> result = new ArrayList<>();
            for (int at = 0; at + STAT_SIZE <= stats.limit(); at += STAT_SIZE) {
                result.add(new Loot(stats.getInt(at + modeAt) & FORMAT, stats.getLong(at)));
            }
            return result;
        }
    }

    @Test
    void findsInAnExecOnlyPipesAndTheContainersRoot() throws Exception {
        long root = thief.root().status("/").device().packed();

        List<Loot> loot = loot(() -> TestHost.exec(thief, "true"));

        assertThat(loot).filteredOn(each -> each.kind == PIPE).hasSizeGreaterThan(PROCESSES / 2);
        assertThat(loot)
                .allMatch(each ->
                        each.kind == PIPE || each.kind == DEVICE || (each.kind == DIRECTORY && each.device == root));
    }

    @Test
    void findsInAContainerThatJoinsItsProcessesNothingOfTheHosts() throws Exception {
        Set<Long> hosts = new HashSet<>();
        hosts.add(device(host.state()));
        try (var hierarchies = Files.list(Path.of("/sys/fs/cgroup"))) {
            for (Path each : hierarchies.toList()) {
                hosts.add(device(each));
            }
        }
        Spec spec =
                TestHost.withNamespace(TestHost.spec("true"), Namespace.Type.PID, "/proc/" + thief.pid() + "/ns/pid");
        // a container's own view of its cgroups has the device number of the host's
        List<Mount> mounts = spec.mounts().stream()
                .filter(each -> !"cgroup".equals(each.type()))
                .toList();

        List<Loot> loot =
                loot(() -> assertThat(host.run(spec.withMounts(mounts)).code()).isZero());

        assertThat(loot).filteredOn(each -> each.kind == PIPE).hasSizeGreaterThan(PROCESSES / 2);
        assertThat(loot).noneMatch(each -> hosts.contains(each.device));
    }

    private static long device(Path path) throws Exception {
        try (OwnedFd file = HostFiles.open(path, OpenMode.PATH)) {
            return FileStatus.of(file).device().packed();
        }
    }
}
