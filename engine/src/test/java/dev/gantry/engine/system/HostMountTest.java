package dev.gantry.engine.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostMountTest {
    private static final List<HostMount> MOUNTS = HostMount.parse(List.of(
            "22 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard",
            "23 22 0:30 / /srv rw shared:5 - tmpfs none rw",
            "24 23 0:31 / /srv/a\\040b rw,noatime shared:6 master:5 - tmpfs shared:1 rw",
            "25 22 0:32 / /srv rw master:7 propagate_from:2 - tmpfs none rw"));

    @Test
    void readsWhoPropagatesToWhom() {
        assertThat(MOUNTS)
                .containsExactly(
                        new HostMount(Path.of("/"), false, false),
                        new HostMount(Path.of("/srv"), true, false),
                        new HostMount(Path.of("/srv/a b"), true, true),
                        new HostMount(Path.of("/srv"), false, true));
    }

    @ParameterizedTest
    @CsvSource({"/, 0", "/srvice, 0", "/srv, 3", "/srv/x, 3", "/srv/a b, 2", "/srv/a b/x, 2", "/srv/a, 3"})
    void findsTheMountOfAFile(String file, int index) {
        assertThat(HostMount.of(Path.of(file), MOUNTS)).isSameAs(MOUNTS.get(index));
    }
}
