package dev.gantry.engine.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.engine.system.HostMount;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MountsPartTest {
    private static final MountsPart PART = new MountsPart(List.of(Path.of("/data/containers"), Path.of("/run/gantry")));

    private static String mount(String mountPoint) {
        return "36 35 98:0 / " + mountPoint + " rw,noatime master:1 - tmpfs none rw";
    }

    @Test
    void namesWhatIsMountedBelowARoot() {
        assertThat(PART.look(HostMount.parse(List.of(
                        mount("/"),
                        mount("/data/containers"),
                        mount("/data/containersides"),
                        mount("/data/containers/a\\040b/upper"),
                        mount("/run/gantry"),
                        mount("/run/gantry/containers/x")))))
                .extracting(Finding::subject)
                .containsExactly("/data/containers/a b/upper", "/run/gantry/containers/x");
    }
}
