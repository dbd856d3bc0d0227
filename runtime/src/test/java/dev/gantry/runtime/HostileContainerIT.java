package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.kernel.Signal;
import dev.gantry.oci.runtime.Process;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Running containers that have changed what the runtime relies on, when something is executed in them.
@Timeout(120)
class HostileContainerIT {
    private static final int RACED_EXECS = 10_000;
    /// At a time: on a busy host each waits for processors most of the time.
    private static final int RACING = 8;
    private static final long AT_FDCWD = -100;
    private static final long RENAME_EXCHANGE = 2;

    private TestHost host;
    private RunningContainer container;

    @BeforeEach
    void open() throws Exception {
        host = new TestHost();
    }

    @AfterEach
    void close() throws Exception {
        TestHost.remove(container);
        assertThat(host.leftBehind()).isEmpty();
        host.close();
    }

    private static Spec administered(String... command) throws Exception {
        List<String> all = List.of("CAP_SYS_ADMIN", "CAP_MKNOD", "CAP_DAC_OVERRIDE");
        Spec spec = TestHost.spec(command);
        for (String set : List.of("bounding", "permitted", "effective")) {
            spec = TestHost.with(spec, "process.capabilities." + set, all);
        }
        return spec;
    }

    /// CVE-2026-88265, CVE-2025-31133, CVE-2025-62161: /dev/null is the null device and a link to a file by turns,
    /// while execs without an input open it.
    @Test
    @Timeout(600)
    void givesNoExecAFalseNullDevice() throws Exception {
        host.executable("swapper", Assembler.assemble(swapper(), Architecture.host()));
        host.executable("victim", Assembler.assemble(victim(), Architecture.host()));
        container = host.start("sh", "-c", "touch /evil && ln -s /evil /dev/evil && exec /swapper");
        Process victim = TestHost.process(container, "/victim");
        AtomicInteger right = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        try (ExecutorService several = Executors.newFixedThreadPool(RACING)) {
            List<Future<Void>> racing = new ArrayList<>();
            for (int i = 0; i < RACING; i++) {
                racing.add(several.submit(() -> race(victim, right, refused)));
            }
            for (Future<Void> each : racing) {
                each.get();
            }
        }
        container.kill(Signal.KILL);

        byte[] swaps = container.stdout().readAllBytes();
        assertThat(ByteBuffer.wrap(swaps, swaps.length - 8, 8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getLong())
                .isGreaterThan(10_000);
        assertThat(right).as("execs that got the null device").hasPositiveValue();
        assertThat(refused).as("execs that were refused").hasPositiveValue();
    }

    /// A container may divide its cgroup; a frozen task of version 1 does not die.
    @Test
    void isKilledWhenItHasFrozenAPartOfItself() throws Exception {
        container = host.start("sh", "-c", "sleep 1000 & echo started; wait");
        TestHost.readUntil(container.stdout(), "started\n");
        boolean unified = TestCgroups.unified();
        Path own = TestCgroups.file(host.cgroupParent(), container.id(), unified ? "cgroup.freeze" : "freezer.state");
        Path part = Files.createDirectory(own.resolveSibling("part"));
        for (int each : container.processes()) {
            if (each != container.pid()) {
                Files.writeString(part.resolve("cgroup.procs"), Integer.toString(each));
            }
        }
        Files.writeString(part.resolve(own.getFileName()), unified ? "1" : "FROZEN");

        container.kill(Signal.KILL);

        assertThat(container.awaitExit().code()).isEqualTo(137);
    }

    private Void race(Process victim, AtomicInteger right, AtomicInteger refused) throws Exception {
        for (int i = 0; i < RACED_EXECS / RACING; i++) {
            try (ContainerProcess process = container.exec(new ExecLaunch(victim, false, false))) {
                assertThat(process.awaitExit().code()).isZero();
                process.drained();
                right.incrementAndGet();
            } catch (LaunchException e) {
                assertThat(e).hasMessageContaining("/dev/null");
                refused.incrementAndGet();
            }
        }
        return null;
    }

    /// Ends with 0 if its standard input is the null device: a program of the image's would take most of the time.
    private static Program victim() {
        var b = new ProgramBuilder(Program.NO_REPORT);
        Label wrong = b.label("wrong");
        Operand.Address stat = b.buffer("stat", 144);
        int rdev = Architecture.host() == Architecture.X86_64 ? 40 : 32;
        b.call(OnError.jump(wrong), Syscall.FSTAT, Operand.of(0), stat);
        b.jumpIf(stat.field("st_rdev", rdev, 8), Condition.NOT_EQUAL, Operand.of(0x103), wrong);
        b.call(OnError.IGNORE, Syscall.EXIT_GROUP, Operand.of(0));
        b.place(wrong);
        b.call(OnError.IGNORE, Syscall.EXIT_GROUP, Operand.of(1));
        return b.build();
    }

    /// Exchanges /dev/null and /dev/evil for ever, and writes how often: seldom, for nobody reads it meanwhile, and a
    /// full pipe would end the attack.
    private static Program swapper() {
        var b = new ProgramBuilder(Program.NO_REPORT);
        Slot count = b.slot("count");
        Slot round = b.slot("round");
        Label again = b.label("again");
        b.place(again);
        for (int i = 0; i < 1000; i++) {
            b.call(
                    OnError.IGNORE,
                    Syscall.RENAMEAT2,
                    Operand.of(AT_FDCWD),
                    b.string("/dev/null"),
                    Operand.of(AT_FDCWD),
                    b.string("/dev/evil"),
                    Operand.of(RENAME_EXCHANGE));
        }
        b.compute(count, Operation.ADD, Operand.of(1000));
        b.compute(round, Operation.ADD, Operand.of(1));
        b.jumpIf(round, Condition.NOT_EQUAL, Operand.of(100), again);
        b.move(round, Operand.of(0));
        b.call(Syscall.WRITE, Operand.of(1), b.addressOf(count), Operand.of(8));
        b.jump(again);
        return b.build();
    }

    /// CVE-2019-16884, CVE-2025-52881, CVE-2023-28642: what an exec writes about itself goes to a procfs of its own,
    /// not to
    /// the files that the container has put there.
    @Test
    void cannotTakeWhatAnExecWritesAboutItself() throws Exception {
        container = host.start(administered("sh", "-c", """
                mount -t tmpfs none /proc && mkdir -p /proc/self/attr/apparmor /proc/sys/kernel &&
                for file in self/oom_score_adj self/attr/exec self/attr/apparmor/exec; do echo mine > /proc/$file; done &&
                echo ready && exec sleep 1000"""));
        TestHost.readUntil(container.stdout(), "ready\n");
        Spec victim = TestHost.with(TestHost.spec("sleep", "1000"), "process.oomScoreAdj", 500);

        try (ContainerProcess process = container.exec(new ExecLaunch(victim.process(), false, false))) {
            assertThat(Files.readString(Path.of("/proc/" + process.pid() + "/oom_score_adj")))
                    .isEqualTo("500\n");
            process.kill(Signal.KILL);
            process.awaitExit();
            process.drained();
        }

        assertThat(TestHost.exec(container, "cat", "/proc/self/oom_score_adj", "/proc/self/attr/exec")
                        .output())
                .isEqualTo("mine\nmine\n");
    }

    /// CVE-2019-14271, CVE-2026-41567: programs and libraries of the container's are not what the host's part of an
    /// exec
    /// runs: there is nothing that looks for any.
    @Test
    void cannotHaveItsProgramsRunByTheHost() throws Exception {
        for (String name : List.of("xz", "unpigz", "gzip", "zstd", "tar", "getent", "ldconfig", "modprobe")) {
            host.script("usr/bin/" + name, "#!/bin/sh\necho $0 >> /ran\n");
            host.script("bin/" + name, "#!/bin/sh\necho $0 >> /ran\n");
        }
        for (String library : List.of("libnss_files.so.2", "libnss_dns.so.2", "libc.so.6", "ld-linux-x86-64.so.2")) {
            host.executable("lib64/" + library, "trojan".getBytes(StandardCharsets.UTF_8));
            host.executable("lib/x86_64-linux-gnu/" + library, "trojan".getBytes(StandardCharsets.UTF_8));
        }
        container = host.idle();

        Process victim = TestHost.with(
                        TestHost.spec("sh", "-c", "ls /ran; id -u"),
                        "process.user",
                        Map.of("uid", 1000, "gid", 1000, "additionalGids", List.of(5)))
                .process();
        TestHost.Ended ended = TestHost.exec(container, victim, "");

        assertThat(ended.error()).contains("/ran: No such file");
        assertThat(ended.output()).isEqualTo("1000\n");
    }
}
