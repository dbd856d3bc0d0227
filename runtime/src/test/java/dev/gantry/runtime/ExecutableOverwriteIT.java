package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.kernel.Signal;
import dev.gantry.oci.runtime.Namespace;
import dev.gantry.oci.runtime.Process;
import dev.gantry.oci.runtime.Spec;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// CVE-2019-5736: a container that may do much more than usual overwrites the executables of the processes that come to
/// its PID namespace, before they execute what is the container's.
@Timeout(120)
class ExecutableOverwriteIT {
    private TestHost host;
    private RunningContainer attacker;
    private Map<String, String> before;

    @BeforeEach
    void open() throws Exception {
        host = new TestHost();
        before = hashes();
    }

    @AfterEach
    void close() throws Exception {
        TestHost.remove(attacker);
        assertThat(host.leftBehind()).isEmpty();
        host.close();
    }

    @Test
    void changesNoExecutableOfAnExec() throws Exception {
        startAttacker();

        Process victim = unhurried(TestHost.spec("true")).process();

        attack(() -> {
            assertThat(TestHost.exec(attacker, victim, "").code()).isZero();
            // before, nobody can open its executable for writing
            TestHost.await(
                    "end of the exec's shim", () -> host.shims(attacker.id()).size() == 1);
        });
    }

    @Test
    void changesNoExecutableOfAContainerThatJoins() throws Exception {
        startAttacker();
        Spec victim = joining(unhurried(TestHost.spec("true")));

        attack(() -> assertThat(host.run(victim).code()).isZero());
    }

    /// Lets the attacker run first where processors are scarce.
    private static Spec unhurried(Spec spec) throws Exception {
        return TestHost.with(spec, "process.scheduler", Map.of("policy", "SCHED_IDLE"));
    }

    private void startAttacker() throws Exception {
        host.executable("overwriter", ExecutableOverwriter.executable("/bin/busybox"));
        attacker = host.start(capable(TestHost.spec("/overwriter")));
    }

    private void attack(Deeds.Victim victim) throws Exception {
        assertThat(Deeds.of(attacker, victim).successes()).isZero();
        assertThat(hashes()).isEqualTo(before);
    }

    /// As the other tests, but of every process there is, and of all that it has mapped.
    @Test
    void opensNothingOfTheHostsForWriting() throws Exception {
        attacker = host.start(capable(TestHost.spec("sh", "-c", """
                echo ready
                while true; do
                    for file in /proc/[0-9]*/exe /proc/[0-9]*/map_files/*; do
                        target=$(readlink $file)
                        { true >> $file; } 2>/dev/null && case "$target" in
                            /bin/busybox*|'') ;;
                            *) echo "opened $file: $target" ;;
                        esac
                    done
                done""")));
        TestHost.readUntil(attacker.stdout(), "ready\n");
        Spec victim = joining(TestHost.spec("echo", "victim"));
        for (int i = 0; i < 25; i++) {
            assertThat(host.run(victim).output()).isEqualTo("victim\n");
        }
        attacker.kill(Signal.KILL);

        assertThat(attacker.stdout().readAllBytes()).asString().isEmpty();
        assertThat(hashes()).isEqualTo(before);
    }

    private Spec joining(Spec spec) throws Exception {
        return TestHost.withNamespace(capable(spec), Namespace.Type.PID, "/proc/" + attacker.pid() + "/ns/pid");
    }

    private static Spec capable(Spec spec) throws Exception {
        List<String> all = new ArrayList<>(spec.process().capabilities().bounding());
        all.addAll(List.of("CAP_SYS_ADMIN", "CAP_SYS_PTRACE", "CAP_DAC_READ_SEARCH", "CAP_CHECKPOINT_RESTORE"));
        Spec result = spec;
        for (String set : List.of("bounding", "permitted", "effective")) {
            result = TestHost.with(result, "process.capabilities." + set, all);
        }
        return result;
    }

    /// The JDK's executables and libraries, busybox of the host, and this project's classes.
    private static Map<String, String> hashes() throws Exception {
        Map<String, String> hashes = new TreeMap<>();
        Path java = Path.of(System.getProperty("java.home"));
        for (Path tree : List.of(java.resolve("bin"), java.resolve("lib/server"), Path.of("target/classes"))) {
            if (Files.isDirectory(tree)) {
                try (Stream<Path> files = Files.walk(tree)) {
                    for (Path file : files.filter(Files::isRegularFile).toList()) {
                        hashes.put(file.toString(), hash(file));
                    }
                }
            }
        }
        hashes.put("busybox", hash(Path.of("/bin/busybox")));
        return hashes;
    }

    private static String hash(Path file) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
