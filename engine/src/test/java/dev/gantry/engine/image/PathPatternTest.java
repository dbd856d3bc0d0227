package dev.gantry.engine.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.engine.EngineException.Invalid;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The cases are those of Go's `path` package, "TestMatch".
class PathPatternTest {
    @ParameterizedTest
    @CsvSource({
        "abc, abc, true",
        "*, abc, true",
        "*c, abc, true",
        "a*, a, true",
        "a*, abc, true",
        "a*, ab/c, false",
        "a*/b, abc/b, true",
        "a*/b, a/c/b, false",
        "a*b*c*d*e*/f, axbxcxdxe/f, true",
        "a*b*c*d*e*/f, axbxcxdxexxx/f, true",
        "a*b*c*d*e*/f, axbxcxdxe/xxx/f, false",
        "a*b*c*d*e*/f, axbxcxdxexxx/fff, false",
        "a*b?c*x, abxbbxdbxebxczzx, true",
        "a*b?c*x, abxbbxdbxebxczzy, false",
        "ab[c], abc, true",
        "ab[b-d], abc, true",
        "ab[e-g], abc, false",
        "ab[^c], abc, false",
        "ab[^b-d], abc, false",
        "ab[^e-g], abc, true",
        "a\\*b, a*b, true",
        "a\\*b, ab, false",
        "a?b, a☺b, true",
        "a[^a]b, a☺b, true",
        "a???b, a☺b, false",
        "a[^a][^a][^a]b, a☺b, false",
        "[a-ζ]*, α, true",
        "*[a-ζ], A, false",
        "a?b, a/b, false",
        "a*b, a/b, false",
        "[\\]a], ], true",
        "[\\-], -, true",
        "[x\\-], x, true",
        "[x\\-], -, true",
        "[x\\-], z, false",
        "[\\-x], x, true",
        "[\\-x], -, true",
        "[\\-x], a, false",
        "*x, xxx, true",
        "'', '', true",
        "'', a, false",
        "**, abc, true",
        "*/*, a/b, true",
        "*/*, a, false",
    })
    void matchesAsGoDoes(String pattern, String text, boolean matches) {
        assertThat(PathPattern.of(pattern).matches(text)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[]a]", "[-]", "[x-]", "[-x]", "\\", "[a-b-c]", "[", "[^", "[^bc", "a[", "a[-]b", "[a\\", "["})
    void refusesWhatGoRefuses(String pattern) {
        assertThatThrownBy(() -> PathPattern.of(pattern))
                .isInstanceOf(Invalid.class)
                .hasMessage("syntax error in pattern");
    }

    @Test
    void takesNoTimeForManyStars() {
        PathPattern pattern = PathPattern.of("*a".repeat(2000) + "b");
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(5),
                () -> assertThat(pattern.matches("a".repeat(4000))).isFalse());
    }
}
