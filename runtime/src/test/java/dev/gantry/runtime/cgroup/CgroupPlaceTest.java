package dev.gantry.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class CgroupPlaceTest {
    private static final CgroupPlace OTHERWISE = new CgroupPlace("/gantry", "c1");

    @Test
    void isWhereTheSpecificationSays() {
        assertThat(CgroupPlace.of("/pods/p1/main", OTHERWISE)).isEqualTo(new CgroupPlace("/pods/p1", "main"));
        assertThat(CgroupPlace.of("/top", OTHERWISE)).isEqualTo(new CgroupPlace("", "top"));
        assertThat(CgroupPlace.of("a//b/", OTHERWISE)).isEqualTo(new CgroupPlace("/a", "b"));
    }

    @Test
    void isTheRuntimesChoiceWithoutAWord() {
        assertThat(CgroupPlace.of(null, OTHERWISE)).isEqualTo(OTHERWISE);
        assertThat(CgroupPlace.of("", OTHERWISE)).isEqualTo(OTHERWISE);
    }

    @Test
    void isNeverTheRootNorOutside() {
        for (String path : List.of("/", "//", "/.", "/a/../../b", "..")) {
            assertThatThrownBy(() -> CgroupPlace.of(path, OTHERWISE))
                    .as(path)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void refusesAPlaceOfSystemdByName() {
        assertThatThrownBy(() -> CgroupPlace.of("system.slice:runc:c1", OTHERWISE))
                .hasMessageContaining("slice:prefix:name");
    }

    @Test
    void isReadAsItWasRecorded() {
        for (CgroupPlace place : List.of(OTHERWISE, new CgroupPlace("/a/b", "other"), new CgroupPlace("", "top"))) {
            assertThat(CgroupPlace.read(place.recorded("c1"), "c1")).isEqualTo(place);
        }
        assertThat(OTHERWISE.recorded("c1")).isEqualTo("/gantry");
    }
}
