package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.oci.runtime.Mount;
import dev.gantry.oci.runtime.Spec;
import dev.gantry.runtime.TestHost.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a container may use of the host.
@Timeout(60)
class ResourceIT {
    private TestHost host;

    @BeforeEach
    void makeHost() throws Exception {
        host = new TestHost();
    }

    @AfterEach
    void removeHost() throws Exception {
        assertThat(host.leftBehind()).isEmpty();
        assertThat(host.cgroups()).isEmpty();
        host.close();
    }

    @Test
    void isKilledOverItsMemoryLimitWhichIsReported() throws Exception {
        Spec spec = TestHost.with(
                TestHost.spec("dd", "if=/dev/zero", "of=/dev/null", "bs=64M", "count=1"),
                "linux.resources.memory",
                Map.of("limit", 16 << 20));
        RunningContainer container = host.start(spec);
        ExitStatus status = container.awaitExit();

        assertThat(status.code()).isEqualTo(137);
        assertThat(status.outOfMemory()).isTrue();
        assertThat(container.outOfMemory()).isTrue();
        container.delete();
        assertThat(container.outOfMemory()).isTrue();
        assertThat(container.awaitExit()).isEqualTo(status);
        container.close();
    }

    @Test
    void isReportedForAnExecToo() throws Exception {
        RunningContainer container = host.start(
                TestHost.with(TestHost.spec("sleep", "1000"), "linux.resources.memory", Map.of("limit", 16 << 20)));
        Spec eater = TestHost.spec("dd", "if=/dev/zero", "of=/dev/null", "bs=64M", "count=1");
        try (ContainerProcess process = container.exec(new ExecLaunch(eater.process(), false, false))) {
            ExitStatus status = process.awaitExit();

            assertThat(status.code()).isEqualTo(137);
            assertThat(status.outOfMemory()).isTrue();
        }
        TestHost.remove(container);
    }

    @Test
    void isNotSaidToBeOutOfMemoryWhenItIsKilledOtherwise() throws Exception {
        RunningContainer container = host.idle();
        container.kill(dev.gantry.kernel.Signal.KILL);

        assertThat(container.awaitExit().outOfMemory()).isFalse();
        TestHost.remove(container);
    }

    @Test
    void isHeldToItsNumberOfProcesses() throws Exception {
        Spec spec = TestHost.with(
                TestHost.spec("sh", "-c", "for i in 1 2 3 4 5 6; do sleep 10 & done; wait"),
                "linux.resources.pids",
                Map.of("limit", 4));

        Ended ended = host.run(spec);

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.error()).contains("can't fork: Resource temporarily unavailable");
    }

    @Test
    void isToldWhenNoProcessIsLeftForAnExec() throws Exception {
        RunningContainer container =
                host.start(TestHost.with(TestHost.spec("sleep", "1000"), "linux.resources.pids", Map.of("limit", 1)));
        LaunchException failure = org.assertj.core.api.Assertions.catchThrowableOfType(
                LaunchException.class, () -> TestHost.exec(container, "true"));

        assertThat(failure.errno().symbol()).isEqualTo("EAGAIN");
        // in cgroup v2 the process that joins the namespaces is born in the group, and so counts
        String step = TestCgroups.unified() ? "the process that joins the namespaces" : "the container's process";
        assertThat(failure).hasMessageStartingWith("start " + step + ": clone3: EAGAIN");
        assertThat(host.shims(container.id())).hasSize(1);
        TestHost.remove(container);
    }

    /// As `--privileged` makes it.
    @Test
    void isTheWholeHostForAPrivilegedContainer() throws Exception {
        List<Mount> mounts = new ArrayList<>();
        for (Mount each : TestHost.spec("true").mounts()) {
            List<String> options = new ArrayList<>(each.options());
            options.replaceAll(option -> option.equals("ro") ? "rw" : option);
            mounts.add(new Mount(each.destination(), each.type(), each.source(), options, List.of(), List.of()));
        }
        String group = TestCgroups.unified() ? "/sys/fs/cgroup/sub" : "/sys/fs/cgroup/pids/sub";
        String script = "grep CapEff /proc/self/status; mkdir " + group + " && echo $$ > " + group
                + "/cgroup.procs && echo moved; stat -c '%F %t:%T' /dev/kmsg; "
                + "head -c 0 /dev/kmsg && echo opened; mount -t tmpfs none /tmp && echo mounted; "
                + "cat /proc/sys/kernel/panic > /tmp/x && cat /tmp/x > /proc/sys/kernel/panic && echo writable; "
                + "mount | grep 'sysfs on /sys .*rw' | wc -l";
        List<String> all = allCapabilities();
        Spec spec = TestHost.spec("sh", "-c", script).withMounts(mounts);
        spec = TestHost.with(spec, "process.capabilities", Map.of("bounding", all, "effective", all, "permitted", all));
        spec = TestHost.with(spec, "linux.maskedPaths", List.of());
        spec = TestHost.with(spec, "linux.readonlyPaths", List.of());
        spec = TestHost.with(
                spec, "linux.devices", List.of(Map.of("path", "/dev/kmsg", "type", "c", "major", 1, "minor", 11)));
        spec = TestHost.with(
                spec, "linux.resources.devices", List.of(Map.of("allow", true, "type", "a", "access", "rwm")));

        Ended ended = host.run(spec);

        String own = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("CapPrm:"))
                .findFirst()
                .orElseThrow()
                .replace("CapPrm", "CapEff");
        assertThat(ended.error()).isEmpty();
        assertThat(ended.output().lines())
                .contains(own, "moved", "character special file 1:b", "opened", "mounted", "writable", "1");
    }

    @Test
    void isNotThereForADefaultContainer() throws Exception {
        Ended ended = host.run(TestHost.spec(
                "sh",
                "-c",
                "mkdir /sys/fs/cgroup/*/sub /sys/fs/cgroup/sub; mount -t tmpfs none /tmp || echo unmounted; "
                        + "echo 1 > /proc/sys/kernel/panic"));

        assertThat(ended.output()).isEqualTo("unmounted\n");
        assertThat(ended.error()).contains("Read-only file system", "can't create /proc/sys/kernel/panic: Read-only");
    }

    private static List<String> allCapabilities() {
        return List.of(
                "CHOWN",
                "DAC_OVERRIDE",
                "DAC_READ_SEARCH",
                "FOWNER",
                "FSETID",
                "KILL",
                "SETGID",
                "SETUID",
                "SETPCAP",
                "LINUX_IMMUTABLE",
                "NET_BIND_SERVICE",
                "NET_BROADCAST",
                "NET_ADMIN",
                "NET_RAW",
                "IPC_LOCK",
                "IPC_OWNER",
                "SYS_MODULE",
                "SYS_RAWIO",
                "SYS_CHROOT",
                "SYS_PTRACE",
                "SYS_PACCT",
                "SYS_ADMIN",
                "SYS_BOOT",
                "SYS_NICE",
                "SYS_RESOURCE",
                "SYS_TIME",
                "SYS_TTY_CONFIG",
                "MKNOD",
                "LEASE",
                "AUDIT_WRITE",
                "AUDIT_CONTROL",
                "SETFCAP",
                "MAC_OVERRIDE",
                "MAC_ADMIN",
                "SYSLOG",
                "WAKE_ALARM",
                "BLOCK_SUSPEND",
                "AUDIT_READ",
                "PERFMON",
                "BPF",
                "CHECKPOINT_RESTORE");
    }
}
