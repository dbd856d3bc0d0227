package dev.gantry.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gantry.kernel.DeviceFilter;
import dev.gantry.kernel.KernelException;
import dev.gantry.oci.runtime.DeviceRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Device programs in the kernel; it asks them on a hybrid host, too.
@Timeout(60)
class DeviceFilterIT {
    private static final DeviceRule NOTHING = new DeviceRule(false, null, null, null, "rwm");

    private Path group;

    @BeforeEach
    void makeGroup() throws IOException {
        Path mount = CgroupHost.detect().unifiedMount();
        assumeTrue(mount != null, "host: it has no cgroup v2 hierarchy");
        group = Files.createDirectory(mount.resolve("gantry-test-" + UUID.randomUUID()));
    }

    @AfterEach
    void removeGroup() throws IOException {
        if (group != null) {
            CgroupTree.remove(group);
        }
    }

    /// How a shell command ends that runs in the group.
    private int run(String script) throws IOException, InterruptedException {
        String join = "echo 0 > " + group.resolve("cgroup.procs") + " && ";
        return new ProcessBuilder("sh", "-c", join + script)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    @Test
    void allowWhatTheirRulesAllow() throws Exception {
        List<DeviceRule> rules = List.of(NOTHING, new DeviceRule(true, "c", 1L, 11L, "r"));
        DeviceFilter.attach(group, DeviceProgram.compile(DeviceRules.of(rules)));

        assertThat(run("head -c 1 /dev/zero")).isZero();
        assertThat(run(": > /dev/null")).isZero();
        assertThat(run("head -c 0 /dev/kmsg")).isZero();
        assertThat(run(": > /dev/kmsg")).isNotZero();
    }

    @Test
    void denyWhatNoRuleAllows() throws Exception {
        DeviceFilter.attach(group, DeviceProgram.compile(DeviceRules.of(List.of(NOTHING))));

        assertThat(run("head -c 1 /dev/zero")).isZero();
        assertThat(run("head -c 0 /dev/kmsg")).isNotZero();
    }

    @Test
    void allowEverythingBut() throws Exception {
        List<DeviceRule> rules =
                List.of(new DeviceRule(true, null, null, null, "rwm"), new DeviceRule(false, "c", 1L, 5L, "r"));
        DeviceFilter.attach(group, DeviceProgram.compile(DeviceRules.of(rules)));

        assertThat(run("head -c 0 /dev/kmsg")).isZero();
        assertThat(run("head -c 1 /dev/zero")).isNotZero();
        assertThat(run(": > /dev/zero")).isZero();
    }

    @Test
    void areTakenByTheVerifierWhateverTheRulesAre() throws Exception {
        Random random = new Random(7);
        for (int round = 0; round < 50; round++) {
            List<DeviceRule> rules = new ArrayList<>(List.of(NOTHING));
            for (int i = random.nextInt(40); i > 0; i--) {
                Long major = random.nextBoolean() ? null : (long) random.nextInt(300);
                Long minor = random.nextBoolean() ? null : (long) random.nextInt(300);
                String access = List.of("r", "w", "m", "rw", "rwm").get(random.nextInt(5));
                rules.add(new DeviceRule(random.nextBoolean(), random.nextBoolean() ? "c" : "b", major, minor, access));
            }
            Path own = Files.createDirectory(group.resolve("round" + round));
            DeviceFilter.attach(own, DeviceProgram.compile(DeviceRules.of(rules)));
            Files.delete(own);
        }
    }

    @Test
    void areRefusedWithTheVerifiersWords() {
        assertThatThrownBy(() ->
                        DeviceFilter.attach(group, new EbpfAssembler().exit().bytes()))
                .isInstanceOf(KernelException.class)
                .hasMessageStartingWith("bpf load device filter of " + group + ": EACCES (")
                .hasMessageContaining("processed");
    }
}
