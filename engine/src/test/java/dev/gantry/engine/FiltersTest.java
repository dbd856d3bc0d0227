package dev.gantry.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.engine.EngineException.Invalid;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FiltersTest {
    private static final Map<String, String> LABELS = Map.of("a", "1", "b", "", "c=d", "e");

    @Test
    void readTruthValues() {
        assertThat(Filters.NONE.isTrue("dangling", true)).isTrue();
        assertThat(Filters.NONE.isTrue("dangling", false)).isFalse();
        assertThat(Filters.of("dangling", "1").isTrue("dangling", false)).isTrue();
        assertThat(Filters.of("dangling", "false").isTrue("dangling", true)).isFalse();
        assertThat(Filters.of("dangling", "0", "false").isTrue("dangling", true))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"maybe", "TRUE", "", "false true"})
    void refuseOtherTruthValues(String text) {
        Filters filters = Filters.of("dangling", text.split(" ", -1));
        assertThatThrownBy(() -> filters.isTrue("dangling", false))
                .isInstanceOf(Invalid.class)
                .hasMessage("invalid filter 'dangling=[" + text + "]'");
    }

    @Test
    void wantAllLabels() {
        assertThat(Filters.of("label", "a").matchLabels(LABELS)).isTrue();
        assertThat(Filters.of("label", "a=1", "b").matchLabels(LABELS)).isTrue();
        assertThat(Filters.of("label", "a=2").matchLabels(LABELS)).isFalse();
        assertThat(Filters.of("label", "a=").matchLabels(LABELS)).isFalse();
        assertThat(Filters.of("label", "b=").matchLabels(LABELS)).isTrue();
        assertThat(Filters.of("label", "a", "x").matchLabels(LABELS)).isFalse();
        assertThat(Filters.of("label", "").matchLabels(LABELS)).isFalse();
    }

    @Test
    void excludeOnlyWhatHasAllUnwantedLabels() {
        assertThat(Filters.of("label!", "a").matchLabels(LABELS)).isFalse();
        assertThat(Filters.of("label!", "a=2").matchLabels(LABELS)).isTrue();
        assertThat(Filters.of("label!", "a", "x").matchLabels(LABELS)).isTrue();
        assertThat(Filters.NONE.matchLabels(Map.of())).isTrue();
    }

    @Test
    void nameTheOneThatNobodyKnows() {
        assertThatThrownBy(() -> Filters.of("bogus", "x").requireOnly(Set.of("label")))
                .isInstanceOf(Invalid.class)
                .hasMessage("invalid filter 'bogus'");
    }
}
