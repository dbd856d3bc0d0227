package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class HostCapabilitiesTest {
    /// One that is too low leaves the higher ones in the bounding set of every container.
    @Test
    void knowsTheKernelsLastCapability() throws IOException {
        HostCapabilities host = HostCapabilities.read();
        // 40 is CAP_CHECKPOINT_RESTORE, of Linux 5.9
        assertThat(host.last()).isBetween(40, 63);
        assertThat(host.known()).hasSize(41).startsWith("CAP_CHOWN").endsWith("CAP_CHECKPOINT_RESTORE");
    }
}
