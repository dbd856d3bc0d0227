package dev.gantry.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FuzzTest {
    private static final Pattern SEED = Pattern.compile("-Dfuzz\\.seed=(-?[0-9]+) -Dfuzz\\.tries=1");

    @AfterEach
    void clearProperties() {
        System.clearProperty("fuzz.seed");
        System.clearProperty("fuzz.tries");
        System.clearProperty("fuzz.millis");
    }

    @Test
    void namesTheSeedThatRepeatsAFailure() {
        List<String> failing = new ArrayList<>();
        Fuzz.Target target = inputs -> {
            String text = inputs.describe(inputs.mutate("valid") + inputs.number());
            if (text.contains("7")) {
                failing.add(text);
                throw new IllegalStateException("seven");
            }
        };
        String message = failure(target);
        assertThat(message).contains("fuzz numbers").contains("seven");
        Matcher seed = SEED.matcher(message);
        assertThat(seed.find()).isTrue();
        System.setProperty("fuzz.seed", seed.group(1));
        System.setProperty("fuzz.tries", "1");
        assertThat(failure(target)).isEqualTo(message);
        assertThat(failing).hasSize(2).allMatch(failing.getFirst()::equals);
    }

    private static String failure(Fuzz.Target target) {
        try {
            Fuzz.run("numbers", target);
        } catch (AssertionError e) {
            return String.valueOf(e.getMessage());
        }
        throw new IllegalStateException("nothing failed");
    }

    @Test
    void refusesATryThatTakesTooMuchMemory() {
        assertThatThrownBy(() -> Fuzz.run("memory", _ -> {
                    byte[] large = new byte[300 << 20];
                    large[0] = 1;
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("MiB");
    }

    @Test
    void changesInputsAndLeavesTheOriginal() {
        byte[] valid = {1, 2, 3};
        List<Integer> lengths = new ArrayList<>();
        System.setProperty("fuzz.tries", "200");
        System.setProperty("fuzz.millis", "60000");
        Fuzz.run("lengths", inputs -> lengths.add(inputs.mutate(valid).length));
        assertThat(valid).containsExactly(1, 2, 3);
        assertThat(lengths).anyMatch(length -> length < 3).anyMatch(length -> length > 3);
    }
}
