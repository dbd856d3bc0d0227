package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.oci.runtime.Mount;
import dev.gantry.oci.runtime.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
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
    private static final int MASKS = 10;

    private CanaryHost host;

    @BeforeEach
    void open() throws Exception {
        host = new CanaryHost();
    }

    @AfterEach
    void close() throws Exception {
        host.close();
    }

    /// CVE-2021-30465, CVE-2024-45310, CVE-2025-31133: the place of a mount in a shared volume is a directory and a
    /// symbolic link by turns; it is masked and made read-only, too.
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
        spec = TestHost.with(spec, "linux.maskedPaths", Collections.nCopies(MASKS, raced.destination()));
        spec = TestHost.with(spec, "linux.readonlyPaths", Collections.nCopies(MASKS, raced.destination()));
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
}
