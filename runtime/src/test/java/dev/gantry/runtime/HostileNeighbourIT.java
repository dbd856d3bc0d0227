package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.oci.runtime.Capabilities;
import dev.gantry.oci.runtime.Linux;
import dev.gantry.oci.runtime.Mount;
import dev.gantry.oci.runtime.Namespace;
import dev.gantry.oci.runtime.Spec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Containers that attack the start of others.
@Timeout(180)
class HostileNeighbourIT {
    /// How often a mount is made at the place that is swapped.
    private static final int TRIES = 10_000;
    /// In each container, one over the other: its start costs more than they do.
    private static final int MOUNTS = 50;

    private CanaryHost host;

    @BeforeEach
    void open() throws Exception {
        host = new CanaryHost();
    }

    @AfterEach
    void close() throws Exception {
        host.close();
    }

    /// CVE-2021-30465, CVE-2024-45310: the place of a mount in a shared volume is a directory and a symbolic link by
    /// turns.
    @Test
    void mountsInsideTheRootWhileThePlaceIsSwapped() throws Exception {
        List<String> before = host.host();
        Path volume = Files.createDirectories(host.beside("volume"));
        Path payload = Files.createDirectories(host.beside("payload"));
        // inside the root the link leads to a directory, too
        Files.createDirectories(host.image().resolve(host.canary().toString().substring(1)));
        List<Mount> mounts = new ArrayList<>();
        mounts.add(new Mount("/volume", "bind", volume.toString(), List.of("rbind", "rprivate")));
        Mount raced = new Mount("/volume/target", "bind", payload.toString(), List.of("rbind", "rprivate"));
        mounts.addAll(Collections.nCopies(MOUNTS, raced));
        Spec spec = CanaryHost.with(CanaryHost.spec("cat", "/proc/self/mountinfo"), mounts.toArray(Mount[]::new));
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger swaps = new AtomicInteger();
        Thread racer = Thread.ofPlatform().name("racer").start(() -> {
            while (!over.get()) {
                swap(volume.resolve("target"), swaps);
            }
        });
        int tries = 0;
        int refused = 0;
        ContainerRuntime runtime = host.runtime();
        try {
            while (tries < TRIES) {
                try {
                    assertThat(places(host.run(runtime, spec), payload))
                            .isSubsetOf("/volume/target", host.canary().toString());
                    tries += MOUNTS;
                } catch (LaunchException e) {
                    assertThat(e.getMessage()).contains("/volume/target");
                    refused++;
                    tries++; // at least
                }
            }
        } finally {
            over.set(true);
            racer.join();
        }
        assertThat(refused).isLessThan(TRIES);
        assertThat(swaps).hasValueGreaterThan(1000);
        assertThat(host.host()).isEqualTo(before);
        assertThat(host.leftBehind()).isEmpty();
    }

    /// Where a directory is mounted; nowhere, once its place has been removed.
    private static List<String> places(String mountinfo, Path source) {
        return mountinfo
                .lines()
                .map(line -> line.split(" ", -1))
                .filter(fields -> fields[3].endsWith(source.toString()))
                .map(fields -> fields[4])
                .toList();
    }

    /// One turn; the runtime makes the directory when it finds nothing, which gets in the way of the link or the
    /// directory.
    private void swap(Path target, AtomicInteger swaps) {
        try {
            Files.deleteIfExists(target);
            Files.createSymbolicLink(target, host.canary());
            Files.deleteIfExists(target);
            Files.createDirectory(target);
            swaps.incrementAndGet();
        } catch (IOException _) {
            // the next turn begins by deleting what is there
        }
    }

    /// CVE-2019-5736: a container with every capability tries to write to the executables of all processes that it
    /// sees, while others are started in its PID namespace.
    @Test
    void offersNoExecutableOfTheHostForWriting() throws Exception {
        Map<String, String> before = hashes();
        Spec attack = privileged(CanaryHost.spec("sh", "-c", """
                echo ready
                while true; do
                    for file in /proc/[0-9]*/exe /proc/[0-9]*/map_files/*; do
                        target=$(readlink $file)
                        { true >> $file; } 2>/dev/null && case "$target" in
                            /bin/busybox*|'') ;;
                            *) echo "opened $file: $target" ;;
                        esac
                    done
                done"""));
        try (RunningContainer attacker = host.start(host.runtime(), attack)) {
            try {
                assertThat(attacker.stdout().readNBytes(6)).isEqualTo("ready\n".getBytes(StandardCharsets.UTF_8));
                Spec victim = privileged(joining(CanaryHost.spec("echo", "victim"), attacker.pid()));
                for (int i = 0; i < 100; i++) {
                    assertThat(host.run(host.runtime(), victim)).isEqualTo("victim\n");
                }
            } finally {
                CanaryHost.end(attacker);
            }
            assertThat(attacker.stdout().readAllBytes()).asString().isEmpty();
        }
        assertThat(hashes()).isEqualTo(before);
        assertThat(host.leftBehind()).isEmpty();
    }

    private static Spec joining(Spec spec, int pid) {
        List<Namespace> namespaces = new ArrayList<>();
        for (Namespace each : spec.linux().namespaces()) {
            boolean joined = each.type() == Namespace.Type.PID;
            namespaces.add(joined ? new Namespace(each.type(), "/proc/" + pid + "/ns/pid") : each);
        }
        Linux linux = spec.linux();
        return spec.withLinux(new Linux(
                List.of(),
                List.of(),
                linux.sysctl(),
                linux.resources(),
                linux.cgroupsPath(),
                namespaces,
                linux.devices(),
                Map.of(),
                null,
                null,
                linux.maskedPaths(),
                linux.readonlyPaths(),
                null,
                null,
                null,
                null,
                Map.of()));
    }

    private static Spec privileged(Spec spec) {
        var process = spec.process();
        Capabilities all = Capabilities.of(List.of(
                "CAP_SYS_ADMIN",
                "CAP_SYS_PTRACE",
                "CAP_DAC_OVERRIDE",
                "CAP_DAC_READ_SEARCH",
                "CAP_CHECKPOINT_RESTORE"));
        return spec.withProcess(new dev.gantry.oci.runtime.Process(
                false,
                null,
                process.user(),
                process.args(),
                process.env(),
                "/",
                all,
                List.of(),
                false,
                null,
                null,
                null,
                null,
                null,
                null));
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
            in.transferTo(java.io.OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
