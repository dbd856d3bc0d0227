package dev.gantry.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.engine.EngineOptions.UserRemapping;
import dev.gantry.oci.runtime.IdMapping;
import java.util.List;
import org.junit.jupiter.api.Test;

class SubordinateIdsTest {
    private static final SubordinateIds HOST = new SubordinateIds(
            List.of("alice:100000:65536", "dockremap:200000:1000", "dockremap:300000:64536", "", "# a comment"),
            List.of("staff:400000:65536", "dockremap:200000:65536"));

    @Test
    void giveTheRangesOfAUserOneAfterTheOther() throws Exception {
        UserRemapping remapping = HOST.remapping("default");

        assertThat(remapping.uids())
                .containsExactly(new IdMapping(0, 200_000, 1000), new IdMapping(1000, 300_000, 64_536));
        assertThat(remapping.gids()).containsExactly(new IdMapping(0, 200_000, 65_536));
    }

    @Test
    void takeTheGroupThatIsNamed() throws Exception {
        assertThat(HOST.remapping("alice:staff"))
                .isEqualTo(new UserRemapping(
                        List.of(new IdMapping(0, 100_000, 65_536)), List.of(new IdMapping(0, 400_000, 65_536))));
    }

    @Test
    void areRefusedWhenThereAreNone() {
        assertThatThrownBy(() -> HOST.remapping("bob"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("/etc/subuid has no range for \"bob\"");
        assertThatThrownBy(() -> HOST.remapping("alice")).hasMessageContaining("/etc/subgid has no range");
    }

    @Test
    void neverContainTheHostsRoot() {
        for (String line : List.of("a:0:10", "a:x:10", "a:5:0", "a:4294967295:2")) {
            SubordinateIds ids = new SubordinateIds(List.of(line), List.of("a:1:1"));
            assertThatThrownBy(() -> ids.remapping("a")).hasMessageContaining("is no range of IDs");
        }
    }
}
