package dev.gantry.store.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.store.tar.TarEntry.Extent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExtentsTest {
    @Test
    void leavesFewAsTheyAre() {
        List<Extent> extents = List.of(new Extent(0, 1), new Extent(10, 1));
        assertThat(Extents.joined(extents, 2)).isEqualTo(extents);
    }

    @Test
    void closesTheSmallestHoles() {
        List<Extent> extents = List.of(
                new Extent(0, 10), new Extent(20, 10), new Extent(1000, 10), new Extent(1015, 5), new Extent(5000, 1));
        assertThat(Extents.joined(extents, 3))
                .containsExactly(new Extent(0, 30), new Extent(1000, 20), new Extent(5000, 1));
    }

    @Test
    void keepsAsManyAsItMayOfHolesOfOneSize() {
        List<Extent> extents = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            extents.add(new Extent(i * 20L, 10));
        }
        List<Extent> joined = Extents.joined(extents, 7);
        assertThat(joined).hasSize(7).first().isEqualTo(new Extent(0, 10));
        assertThat(joined.getLast().offset() + joined.getLast().length()).isEqualTo(99 * 20 + 10);
    }
}
