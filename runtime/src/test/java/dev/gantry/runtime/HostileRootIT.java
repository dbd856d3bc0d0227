package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.oci.runtime.Mount;
import dev.gantry.oci.runtime.Process;
import dev.gantry.oci.runtime.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Images that try to lead the runtime out of their root: refused with an error that names the path, or harmless.
@Timeout(60)
class HostileRootIT {
    private CanaryHost host;
    private List<String> before;
    private Map<String, Integer> descriptors;

    @BeforeEach
    void open() throws Exception {
        host = new CanaryHost();
        before = host.host();
        descriptors = CanaryHost.descriptors();
    }

    @AfterEach
    void nothingHasChangedOnTheHost() throws Exception {
        try (CanaryHost closing = host) {
            assertThat(closing.host()).isEqualTo(before);
            assertThat(closing.leftBehind()).isEmpty();
            assertThat(CanaryHost.opened(descriptors)).isEmpty();
        }
    }

    /// What an image has at a path.
    enum Trick {
        ABSOLUTE_LINK,
        RELATIVE_LINK,
        LINK_TO_SELF,
        LOOP,
        LINK_INSIDE,
        FILE
    }

    private void play(Trick trick, String path) throws IOException {
        Path place = host.image().resolve(path.substring(1));
        Files.createDirectories(place.getParent());
        Path canary = host.canary();
        switch (trick) {
            case ABSOLUTE_LINK -> Files.createSymbolicLink(place, canary);
            case RELATIVE_LINK ->
                Files.createSymbolicLink(
                        place, Path.of("../".repeat(20) + canary.toString().substring(1)));
            case LINK_TO_SELF -> Files.createSymbolicLink(place, Path.of("/proc/self/fd/3"));
            case LOOP -> {
                Files.createSymbolicLink(place, Path.of(path + ".loop"));
                Files.createSymbolicLink(place.resolveSibling(place.getFileName() + ".loop"), Path.of(path));
            }
            case LINK_INSIDE -> {
                Files.createDirectories(host.image().resolve("inside"));
                Files.createSymbolicLink(place, Path.of("/inside"));
            }
            case FILE -> Files.writeString(place, "file");
        }
    }

    /// A container with a bind mount below /etc, a tmpfs on /tmp, and a working directory below that.
    private String run(boolean terminal) throws Exception {
        Path hosts = Files.writeString(host.beside("hosts"), "hosts");
        Spec spec = CanaryHost.with(
                CanaryHost.spec("sh", "-c", "echo started; echo x > /tmp/x; ls /proc/self/fd"),
                new Mount("/etc/hosts", "bind", hosts.toString(), List.of("rbind", "rprivate")),
                new Mount("/tmp", "tmpfs", "tmpfs", List.of("nosuid")));
        return outcome(spec.withProcess(changed(spec.process(), terminal, "/tmp/work")));
    }

    private static Process changed(Process process, boolean terminal, String directory) {
        return new Process(
                terminal,
                null,
                process.user(),
                process.args(),
                process.env(),
                directory,
                process.capabilities(),
                process.rlimits(),
                process.noNewPrivileges(),
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private String outcome(Spec spec) throws Exception {
        try {
            return host.run(host.runtime(), spec);
        } catch (LaunchException e) {
            return "refused: " + e.getMessage();
        }
    }

    /// CVE-2026-41579, CVE-2025-52881, CVE-2019-16884, CVE-2019-19921, CVE-2023-27561: these hold what the runtime
    /// trusts, so that not even a link to another place inside the root is followed.
    @ParameterizedTest
    @CsvSource({"/proc", "/dev", "/sys"})
    void refusesAnImageWhoseKernelFileSystemsAreElsewhere(String path) throws Exception {
        for (Trick trick : Trick.values()) {
            play(trick, path);

            assertThat(run(false))
                    .as("%s as %s", path, trick)
                    .startsWith("refused: mount ")
                    .contains(" on " + path + ": ");

            clear(path);
        }
    }

    /// CVE-2025-31133, CVE-2025-52565, CVE-2026-88264, CVE-2026-88265: what is below /dev is the runtime's own.
    @ParameterizedTest
    @CsvSource({"/dev/null", "/dev/console", "/dev/pts", "/dev/ptmx", "/dev/shm", "/dev/mqueue", "/dev/fd"})
    void neverSeesWhatAnImageHasBelowDev(String path) throws Exception {
        for (Trick trick : Trick.values()) {
            play(trick, path);

            assertThat(run(false)).as("%s as %s", path, trick).startsWith("started");
            assertThat(run(true)).as("%s as %s, with a terminal", path, trick).startsWith("started");

            clear(path);
        }
    }

    /// CVE-2021-30465, CVE-2024-45310: other mounts follow links, but only inside the root.
    @ParameterizedTest
    @CsvSource({"/etc", "/tmp", "/etc/hosts"})
    void followsOtherLinksInsideTheRootOnly(String path) throws Exception {
        for (Trick trick : Trick.values()) {
            play(trick, path);

            String outcome = run(false);

            boolean directory = !path.equals("/etc/hosts");
            switch (trick) {
                case LINK_INSIDE -> assertThat(outcome).startsWith(directory ? "started" : "refused: bind ");
                case FILE -> assertThat(outcome).startsWith(directory ? "refused: " : "started");
                case LOOP, LINK_TO_SELF ->
                    assertThat(outcome).startsWith("refused: ").contains(path);
                case ABSOLUTE_LINK, RELATIVE_LINK ->
                    // the same path inside the root: there is nothing, or what the runtime makes of it
                    assertThat(outcome).containsAnyOf("started", path);
            }
            clear(path);
        }
    }

    private void clear(String path) throws IOException {
        Path place = host.image().resolve(path.substring(1));
        Files.delete(place);
        Files.deleteIfExists(place.resolveSibling(place.getFileName() + ".loop"));
    }

    /// CVE-2025-31133: what masks files must be the null device, also where `/dev` is not the runtime's own.
    @Test
    void refusesAFalseNullDeviceInAVolume() throws Exception {
        String pattern = Files.readString(Path.of("/proc/sys/kernel/hostname"));
        Path dev = Files.createDirectories(host.beside("dev"));
        Files.createSymbolicLink(dev.resolve("null"), Path.of("/proc/sys/kernel/core_pattern"));
        Spec plain = CanaryHost.spec("true");
        List<Mount> mounts = plain.mounts().stream()
                .filter(each -> !each.destination().startsWith("/dev"))
                .toList();
        Spec spec = CanaryHost.with(
                plain.withMounts(mounts), new Mount("/dev", "bind", dev.toString(), List.of("bind", "rprivate")));

        assertThat(outcome(spec)).startsWith("refused: ").contains("/dev/null");
        Files.delete(dev.resolve("null"));
        Files.writeString(dev.resolve("null"), "");
        assertThat(outcome(spec)).startsWith("refused: ").contains("/dev/null");
        assertThat(Files.readString(Path.of("/proc/sys/kernel/hostname"))).isEqualTo(pattern);
    }

    /// CVE-2024-21626: a descriptor of the host's as working directory.
    @Test
    void refusesADescriptorAsWorkingDirectory() throws Exception {
        for (int number = 0; number <= 20; number++) {
            for (String link : List.of("", "/link" + number)) {
                String target = "/proc/self/fd/" + number;
                if (!link.isEmpty()) {
                    Files.createSymbolicLink(host.image().resolve(link.substring(1)), Path.of(target));
                }
                Spec spec = CanaryHost.spec("sh", "-c", "pwd; ls");
                String directory = link.isEmpty() ? target : link;

                assertThat(outcome(spec.withProcess(changed(spec.process(), false, directory))))
                        .as(directory)
                        .startsWith("refused: ")
                        .containsAnyOf("make sure of the working directory", directory);
            }
        }
    }

    /// CVE-2024-21626: with and without a terminal, and with descriptors that the JVM has open for all to inherit.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void leavesTheStandardStreamsAlone(boolean terminal) throws Exception {
        Spec spec = CanaryHost.spec("sh", "-c", "ls -1 /proc/1/fd; true");
        try (var file = Files.newByteChannel(host.canary().resolve("file"))) {
            assertThat(file.isOpen()).isTrue();

            assertThat(outcome(spec.withProcess(changed(spec.process(), terminal, "/")))
                            .lines())
                    .containsExactly("0", "1", "2");
        }
    }
}
