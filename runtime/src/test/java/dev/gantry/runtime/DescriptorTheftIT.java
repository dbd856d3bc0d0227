package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.kernel.FileStatus;
import dev.gantry.kernel.HostFiles;
import dev.gantry.kernel.OpenMode;
import dev.gantry.kernel.OwnedFd;
import dev.gantry.oci.runtime.Mount;
import dev.gantry.oci.runtime.Namespace;
import dev.gantry.oci.runtime.Spec;
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
///
/// CVE-2024-21626, CVE-2016-9962: descriptors of the host's in a process that the container reaches.
@Timeout(120)
class DescriptorTheftIT {
    private TestHost host;
    private RunningContainer thief;

    @BeforeEach
    void open() throws Exception {
        host = new TestHost();
    }

    @AfterEach
    void close() throws Exception {
        TestHost.remove(thief);
        host.close();
    }

    private void startThief(DescriptorThief.Rule rule) throws Exception {
        host.executable("thief", DescriptorThief.executable(rule));
        List<String> capabilities =
                new ArrayList<>(TestHost.spec().process().capabilities().bounding());
        capabilities.add("CAP_SYS_PTRACE");
        Spec spec = TestHost.with(TestHost.spec("/thief"), "process.capabilities.bounding", capabilities);
        spec = TestHost.with(spec, "process.capabilities.permitted", capabilities);
        thief = host.start(TestHost.with(spec, "process.capabilities.effective", capabilities));
    }

    /// The files that the thief should not have got: the device they are on, and their mode.
    private List<String> loot(Deeds.Victim victim) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var errors = threads.submit(() -> thief.stderr().readAllBytes());
            Deeds deeds = Deeds.of(thief, victim);
            ByteBuffer stats = ByteBuffer.wrap(errors.get()).order(ByteOrder.LITTLE_ENDIAN);
            List<String> result = new ArrayList<>();
            for (int at = 0; at + DescriptorThief.STAT_SIZE <= stats.limit(); at += DescriptorThief.STAT_SIZE) {
                result.add(
                        "device %x mode %o".formatted(stats.getLong(at), stats.getInt(at + DescriptorThief.modeAt())));
            }
            assertThat(deeds.successes()).isLessThanOrEqualTo(result.size());
            return result;
        }
    }

    @Test
    void findsInAnExecOnlyPipesAndTheContainersRoot() throws Exception {
        startThief(DescriptorThief::harmlessUnlessForeign);

        assertThat(loot(() -> TestHost.exec(thief, "true"))).isEmpty();
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
        startThief((thief, harmless, loot) -> thief.lootOn(hosts, harmless, loot));
        Spec spec =
                TestHost.withNamespace(TestHost.spec("true"), Namespace.Type.PID, "/proc/" + thief.pid() + "/ns/pid");
        // a container's own view of its cgroups has the device number of the host's
        List<Mount> mounts = spec.mounts().stream()
                .filter(each -> !"cgroup".equals(each.type()))
                .toList();

        assertThat(loot(() ->
                        assertThat(host.run(spec.withMounts(mounts)).code()).isZero()))
                .isEmpty();
    }

    private static long device(Path path) throws Exception {
        try (OwnedFd file = HostFiles.open(path, OpenMode.PATH)) {
            return FileStatus.of(file).device().packed();
        }
    }
}
