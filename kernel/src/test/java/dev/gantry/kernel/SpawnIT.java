package dev.gantry.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The program is busybox, which does what its name says: `yes` runs until it is killed, `true` ends at once.
@Timeout(60)
class SpawnIT {

    private static final Path BUSYBOX = Path.of("/bin/busybox");

    @AutoClose
    private Poller poller;

    @AutoClose
    private OwnedFd busybox;

    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeEach
    void copyProgram() throws IOException {
        assumeTrue(Files.isExecutable(BUSYBOX), "busybox-static is not installed");
        poller = Poller.start("spawn-test");
        busybox = Memfd.executable("busybox", Files.readAllBytes(BUSYBOX));
    }

    @AfterEach
    void closeWhatTheTestOpened() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    @Test
    void descriptorsArriveFromThreeOn() throws Exception {
        List<OwnedFd> passed = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            passed.add(opening(OwnedFd.event()));
            passed.add(pipe().write());
        }
        assertArriveInOrder(passed);
    }

    /// A number that is a source and, for another descriptor, a target must not be overwritten before it is used.
    @Test
    void descriptorsArriveAlsoWhereSourcesAndTargetsOverlap() throws Exception {
        List<OwnedFd> pipes = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            pipes.add(pipe().write());
        }
        List<OwnedFd> low = new ArrayList<>();
        for (OwnedFd pipe : pipes) {
            low.add(opening(pipe.duplicateAtLeast(3))); // the lowest numbers that are free
        }
        assertArriveInOrder(low.reversed());
        assertArriveInOrder(List.of(low.get(1), low.get(0), low.get(1)));
    }

    private void assertArriveInOrder(List<OwnedFd> passed) throws Exception {
        List<Path> expected = new ArrayList<>();
        for (OwnedFd each : passed) {
            expected.add(target("self", each.acquire()));
            each.release();
        }
        int pid = Spawn.start(busybox, "yes", passed);
        try (Pidfd child = Pidfd.open(pid)) {
            List<Path> arrived = new ArrayList<>();
            try {
                for (int i = 0; i < passed.size(); i++) {
                    arrived.add(target(String.valueOf(pid), Spawn.FIRST_DESCRIPTOR + i));
                }
            } finally {
                kill(child);
            }
            assertThat(arrived).isEqualTo(expected);
        }
    }

    @Test
    void startsInASessionOfItsOwnWithNothingInherited() throws Exception {
        int pid = Spawn.start(busybox, "yes", List.of());
        try (Pidfd child = Pidfd.open(pid)) {
            Path proc = Path.of("/proc", String.valueOf(pid));
            try {
                assertThat(List.of(target(proc, 0), target(proc, 1), target(proc, 2)))
                        .containsOnly(Path.of("/dev/null"));
                assertThat(Files.readSymbolicLink(proc.resolve("cwd"))).isEqualTo(Path.of("/"));
                assertThat(commandLine(proc)).isEqualTo("yes\0");
                assertThat(proc.resolve("environ")).isEmptyFile();
                assertThat(Files.readString(proc.resolve("stat"))
                                .replaceAll(".*\\) ", "")
                                .split(" ", -1)[3])
                        .as("session")
                        .isEqualTo(String.valueOf(pid));
                assertThat(Files.readAllLines(proc.resolve("status")))
                        .contains("SigBlk:\t0000000000000000", "SigIgn:\t0000000000000000");
            } finally {
                kill(child);
            }
        }
    }

    /// Empty for a moment after posix_spawn returns: the new memory is there before the arguments are on its stack.
    private static String commandLine(Path proc) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        String line = Files.readString(proc.resolve("cmdline"));
        while (line.isEmpty() && System.nanoTime() < deadline) {
            Thread.onSpinWait();
            line = Files.readString(proc.resolve("cmdline"));
        }
        return line;
    }

    /// Where `vm.memfd_noexec` is 2, which concerns the whole PID namespace and so cannot be set here.
    @Test
    void executesAReadOnlyFileWhereTheKernelRefusesExecutableMemory() throws Exception {
        try (OwnedFd file = Memfd.onTmpfs("busybox", Files.readAllBytes(BUSYBOX))) {
            int pid = Spawn.start(file, "yes", List.of());
            try (Pidfd child = Pidfd.open(pid)) {
                Path exe = Path.of("/proc", String.valueOf(pid), "exe");
                try {
                    assertThat(Files.size(exe)).isEqualTo(Files.size(BUSYBOX));
                    Expect.refusal(Errno.ETXTBSY, () -> HostFiles.open(exe, OpenMode.WRITE));
                } finally {
                    kill(child);
                }
            }
            Path link = Path.of("/proc/self/fd", String.valueOf(file.acquire()));
            file.release();
            Expect.refusal(Errno.EROFS, () -> HostFiles.open(link, OpenMode.WRITE));
        }
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain("/program");
    }

    @Test
    void pipeEndsWithTheProcessThatHeldIt() throws Exception {
        Pipe pipe = pipe();
        int pid = Spawn.start(busybox, "yes", List.of(pipe.write()));
        pipe.write().close();
        try (Pidfd child = Pidfd.open(pid);
                PolledInput in = new PolledInput(poller, pipe.read())) {
            kill(child);
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @Test
    void pidfdTellsOfTheEndAndIsUselessAfterwards() throws Exception {
        int pid = Spawn.start(busybox, "true", List.of());
        try (Pidfd child = Pidfd.open(pid)) {
            poller.awaitReadable(child.descriptor());
            child.reap();
            Expect.refusal(Errno.ESRCH, () -> child.send(Signal.TERMINATE));
            Expect.refusal(Errno.ECHILD, child::reap);
        }
    }

    @Test
    void pidfdCopiesADescriptorOfTheProcess() throws Exception {
        OwnedFd event = opening(OwnedFd.event());
        int pid = Spawn.start(busybox, "yes", List.of(event));
        try (Pidfd child = Pidfd.open(pid)) {
            try (OwnedFd copy = child.descriptorOf(Spawn.FIRST_DESCRIPTOR)) {
                Path arrived = target("self", copy.acquire());
                copy.release();
                assertThat(arrived).hasToString(target("self", event.acquire()).toString());
                event.release();
                Expect.refusal(Errno.EBADF, () -> child.descriptorOf(1_000));
            } finally {
                kill(child);
            }
        }
    }

    @Test
    void refusesWhatIsNoProgram() throws Exception {
        OwnedFd text = opening(Memfd.executable("text", new byte[] {'n', 'o'}));
        Expect.refusal(Errno.ENOEXEC, () -> Spawn.start(text, "text", List.of()));
    }

    @Test
    void thereIsNoPidfdOfAProcessThatIsNotThere() {
        Expect.refusal(Errno.ESRCH, () -> Pidfd.open(Integer.MAX_VALUE));
    }

    /// CVE-2019-5736: a container overwrote the runtime's program through /proc/PID/exe.
    @Test
    void sealedProgramCannotBeWritten() throws Exception {
        Expect.refusal(Errno.EPERM, () -> busybox.output().write(0));
        Expect.refusal(Errno.EPERM, () -> busybox.truncate(0));
        Path link = Path.of("/proc/self/fd", String.valueOf(busybox.acquire()));
        busybox.release();
        try (OwnedFd again = Resolution.trusted(link.toString(), 0, OpenMode.WRITE)) {
            Expect.refusal(Errno.EPERM, () -> again.output().write(0));
        }
    }

    private void kill(Pidfd child) throws KernelException, InterruptedException {
        child.send(Signal.KILL);
        poller.awaitReadable(child.descriptor());
        child.reap();
    }

    private Pipe pipe() throws KernelException {
        return opening(Pipe.create());
    }

    private <T extends AutoCloseable> T opening(T each) {
        opened.add(each);
        return each;
    }

    private static Path target(String process, int number) throws IOException {
        return target(Path.of("/proc", process), number);
    }

    private static Path target(Path process, int number) throws IOException {
        return Files.readSymbolicLink(process.resolve("fd").resolve(String.valueOf(number)));
    }
}
