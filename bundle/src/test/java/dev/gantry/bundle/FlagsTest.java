package dev.gantry.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FlagsTest {
    private static final Flags.Known KNOWN =
            new Flags.Known(Set.of("detach"), Set.of("bundle", "env"), Map.of("d", "detach", "b", "bundle"));

    private static Flags parse(String... words) throws CommandException {
        return Flags.parse(KNOWN, List.of(words));
    }

    @Test
    void areTakenInEveryFormOfGosFlagPackage() throws Exception {
        for (List<String> words : List.of(
                List.of("--bundle", "/b", "c1"),
                List.of("-bundle", "/b", "c1"),
                List.of("--bundle=/b", "c1"),
                List.of("-b", "/b", "c1"),
                List.of("-b=/b", "--", "c1"))) {
            Flags flags = Flags.parse(KNOWN, words);

            assertThat(flags.last("bundle")).as(words.toString()).contains("/b");
            assertThat(flags.id()).isEqualTo("c1");
        }
    }

    @Test
    void areSwitchesWithoutAValue() throws Exception {
        assertThat(parse("-d", "c1").isSet("detach")).isTrue();
        assertThat(parse("--detach=true", "c1").isSet("detach")).isTrue();
        assertThat(parse("--detach=false", "c1").isSet("detach")).isFalse();
        assertThat(parse("c1").isSet("detach")).isFalse();
    }

    @Test
    void standBehindOperandsToo() throws Exception {
        Flags flags = parse("c1", "-d", "KILL", "--bundle", "/b", "--env=A=1", "--env", "-1");

        assertThat(flags.isSet("detach")).isTrue();
        assertThat(flags.last("bundle")).contains("/b");
        assertThat(flags.all("env")).containsExactly("A=1", "-1");
        assertThat(flags.operands()).containsExactly("c1", "KILL");
    }

    @Test
    void areOperandsAfterTwoDashesOrIfUnknownBehindOne() throws Exception {
        assertThat(parse("c1", "--", "-d").operands()).containsExactly("c1", "-d");
        assertThat(parse("c1", "-9", "", "-").operands()).containsExactly("c1", "-9", "", "-");
    }

    @Test
    void endWithTheFirstOperandWhereAnotherProgramsFollow() throws Exception {
        Flags flags = Flags.parse(KNOWN.beforeOperands(), List.of("-d", "c1", "ls", "-b", "--"));

        assertThat(flags.isSet("detach")).isTrue();
        assertThat(flags.operands()).containsExactly("c1", "ls", "-b", "--");
    }

    @Test
    void keepEveryValueInOrder() throws Exception {
        Flags flags = parse("--env", "A=1", "--env", "B=2", "c1");

        assertThat(flags.all("env")).containsExactly("A=1", "B=2");
        assertThat(flags.last("env")).contains("B=2");
    }

    @Test
    void areRefusedWhenUnknownOrWithoutTheirValue() {
        assertThatThrownBy(() -> parse("--nothing", "c1")).hasMessage("flag provided but not defined: -nothing");
        assertThatThrownBy(() -> parse("--nothing")).hasMessage("flag provided but not defined: -nothing");
        assertThatThrownBy(() -> parse("--bundle")).hasMessage("flag needs an argument: -bundle");
    }
}
