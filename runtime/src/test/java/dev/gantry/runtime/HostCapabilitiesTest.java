package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.oci.runtime.Capabilities;
import dev.gantry.runtime.launch.Credentials.CapabilityMasks;
import java.io.IOException;
import java.util.List;
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

    @Test
    void leavesOutWhatNobodyKnowsAndSaysSo() {
        HostCapabilities host = new HostCapabilities(40, -1L);
        List<String> all = List.of("CAP_CHOWN", "CAP_NO_SUCH_THING", "CAP_KILL");
        Capabilities wanted = new Capabilities(all, all, List.of("CAP_KILL"), all, all);

        // CHOWN is 0 and KILL is 5; an ambient one has to be inheritable, too
        assertThat(host.masks(wanted)).isEqualTo(new CapabilityMasks(0x21, 0x21, 0x20, 0x21, 0x20));
        assertThat(host.withoutEffect(wanted))
                .containsExactly(
                        "ignoring unknown or unavailable capabilities: [CAP_NO_SUCH_THING]",
                        "ignoring ambient capabilities that are not inheritable and permitted: [CAP_CHOWN]");
        assertThat(host.withoutEffect(Capabilities.of(List.of("CAP_CHOWN")))).isEmpty();
    }
}
