package dev.gantry.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.engine.EngineException.Invalid;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DetachKeysTest {
    @ParameterizedTest
    @CsvSource({
        "a, 61",
        "'ctrl-a,ctrl-z', 01 1a",
        "'ctrl-@,ctrl-[,ctrl-\\,ctrl-],ctrl-^,ctrl-_', 00 1b 1c 1d 1e 1f",
        "'a,ctrl-x', 61 18",
    })
    void areReadInDockersNotation(String notation, String hex) {
        DetachKeys keys = DetachKeys.parse(notation);
        byte[] input = HexFormat.ofDelimiter(" ").parseHex(hex);
        assertThat(keys.filter(input, input.length)).isEmpty();
        assertThat(keys.complete()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ctrl-", "ctrl-A", "ctrl-5", "ab", "a,,b", "é"})
    void areRefusedWhenTheyAreNoKeys(String notation) {
        assertThatThrownBy(() -> DetachKeys.parse(notation))
                .isInstanceOf(Invalid.class)
                .hasMessageStartingWith("Invalid detach keys (" + notation + ") provided");
    }

    @Test
    void areFoundAcrossReads() {
        DetachKeys keys = DetachKeys.parse(null);
        assertThat(filter(keys, "ab\u0010")).isEqualTo("ab");
        assertThat(keys.complete()).isFalse();
        assertThat(filter(keys, "\u0011rest")).isEmpty();
        assertThat(keys.complete()).isTrue();
    }

    @Test
    void letEverythingThroughThatOnlyBeginsLikeThem() {
        DetachKeys keys = DetachKeys.parse("a,b,c");
        assertThat(filter(keys, "xab")).isEqualTo("x");
        assertThat(filter(keys, "xaabd")).isEqualTo("abxaabd");
        assertThat(keys.complete()).isFalse();
    }

    @Test
    void areNoneWhenTheNotationIsEmpty() {
        DetachKeys keys = DetachKeys.parse("");
        assertThat(filter(keys, "\u0010\u0011")).isEqualTo("\u0010\u0011");
        assertThat(keys.complete()).isFalse();
    }

    private static String filter(DetachKeys keys, String input) {
        byte[] bytes = input.getBytes(StandardCharsets.UTF_8);
        return new String(keys.filter(bytes, bytes.length), StandardCharsets.UTF_8);
    }
}
