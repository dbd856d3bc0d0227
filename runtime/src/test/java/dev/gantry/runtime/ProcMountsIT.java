package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.oci.runtime.Mount;
import dev.gantry.oci.runtime.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// CVE-2019-16884, CVE-2019-19921: what a container's programs take for the kernel's word is not an image's, nor a
/// volume's.
class ProcMountsIT {
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

    private TestHost.Ended run(String script, Path source, String destination) throws Exception {
        Spec spec = TestHost.spec("sh", "-c", script);
        List<Mount> all = new ArrayList<>(spec.mounts());
        all.add(new Mount(destination, "bind", source.toString(), List.of("rbind", "ro")));
        return host.run(spec.withMounts(all));
    }

    private Path directory() throws IOException {
        return Files.createDirectories(host.fresh("files").resolve("directory"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/proc/self", "/proc/self/attr", "/proc/sys/kernel", "proc/1", "/etc/../proc/self", "/lies"})
    void refusesMountsInside(String destination) throws Exception {
        Files.createSymbolicLink(host.fresh("image").resolve("lies"), Path.of("/proc/self"));

        assertThatThrownBy(() -> run("true", directory(), destination))
                .isInstanceOf(LaunchException.class)
                .hasMessage(destination + ": cannot be mounted because it is inside /proc");
    }

    @Test
    void refusesAnotherFileSystem() {
        assertThatThrownBy(() -> run("true", directory(), "/proc"))
                .isInstanceOf(LaunchException.class)
                .hasMessage("/proc: cannot be mounted because it is not of type proc");
    }

    @Test
    void takesFilesThatTellOfTheHost() throws Exception {
        Path file = Files.writeString(host.fresh("files").resolve("uptime"), "1.00 1.00\n");

        assertThat(run("cat /proc/uptime", file, "/proc/uptime").output()).isEqualTo("1.00 1.00\n");
    }

    @Test
    void takesTheHostsOwn() throws Exception {
        assertThat(run("test -d /proc/self", Path.of("/proc"), "/proc").code()).isZero();
    }
}
