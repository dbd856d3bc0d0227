package dev.gantry.oci.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
    @Test
    void replacesInPlaceAppendsAndRemoves() {
        assertThat(Environment.merge(List.of("A=1", "B=2", "C=3"), List.of("B=x", "D=4", "A")))
                .containsExactly("B=x", "C=3", "D=4");
    }

    // CVE-2026-57231: malformed entries made the engine look into its own environment
    @Test
    void dropsMalformedEntries() {
        assertThat(Environment.merge(List.of("PATH", "*", "=x", "A", "", "N=\0"), List.of("=y", "HOME", "*")))
                .isEmpty();
    }
}
