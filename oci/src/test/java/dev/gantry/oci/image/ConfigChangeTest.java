package dev.gantry.oci.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.oci.MalformedException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigChangeTest {
    private static Execution apply(String... changes) throws MalformedException {
        return ConfigChange.apply(Execution.empty(), List.of(changes));
    }

    @Test
    void knowsExecAndShellForm() throws MalformedException {
        assertThat(apply("CMD [\"a\", \"b c\"]").cmd()).containsExactly("a", "b c");
        assertThat(apply("cmd echo hi").cmd()).containsExactly("/bin/sh", "-c", "echo hi");
        assertThat(apply("CMD [a]").cmd()).containsExactly("/bin/sh", "-c", "[a]");
        assertThat(apply("CMD [\"a\", null]").cmd()).containsExactly("/bin/sh", "-c", "[\"a\", null]");
        assertThat(apply("ENTRYPOINT []").entrypoint()).isEmpty();
    }

    @Test
    void aNewEntryPointDropsTheArgumentsOfTheBase() throws MalformedException {
        Execution base = apply("CMD [\"old\"]");
        assertThat(ConfigChange.apply(base, List.of("ENTRYPOINT [\"e\"]")).cmd())
                .isEmpty();
        assertThat(ConfigChange.apply(base, List.of("CMD [\"new\"]", "ENTRYPOINT [\"e\"]"))
                        .cmd())
                .containsExactly("new");
    }

    @Test
    void setsEnvironmentInPlaceAndExpandsIt() throws MalformedException {
        assertThat(apply("ENV A=1 B=\"two words\" C='$A'", "ENV D=$A${B:+x}${Z:-y}", "ENV A 3  4")
                        .env())
                .containsExactly("A=3  4", "B=two words", "C=$A", "D=1xy");
        assertThat(apply("ENV P=/a\\ b").env()).containsExactly("P=/a b");
    }

    @Test
    void collectsPortsVolumesLabelsAndTriggers() throws MalformedException {
        Execution result = apply(
                "EXPOSE 80 53/UDP 8000-8002/tcp",
                "VOLUME /data /more",
                "VOLUME [\"/with space\"]",
                "LABEL a=1 \"b c\"=\"d\"",
                "ONBUILD RUN x");
        assertThat(result.exposedPorts()).isEqualTo(Set.of("80/tcp", "53/udp", "8000/tcp", "8001/tcp", "8002/tcp"));
        assertThat(result.volumes()).isEqualTo(Set.of("/data", "/more", "/with space"));
        assertThat(result.labels()).isEqualTo(Map.of("a", "1", "b c", "d"));
        assertThat(result.onBuild()).containsExactly("RUN x");
    }

    @Test
    void resolvesWorkingDirectoriesLexically() throws MalformedException {
        assertThat(apply("WORKDIR a", "WORKDIR b/../c").workingDir()).isEqualTo("/a/c");
        assertThat(apply("WORKDIR /../../x/.").workingDir()).isEqualTo("/x");
    }

    @Test
    void readsHealthChecks() throws MalformedException {
        assertThat(apply("HEALTHCHECK --interval=1m30s --timeout=500ms --retries=3 CMD curl x")
                        .healthcheck())
                .isEqualTo(
                        new Healthcheck(List.of("CMD-SHELL", "curl x"), 90_000_000_000L, 500_000_000L, null, null, 3));
        assertThat(apply("HEALTHCHECK CMD [\"curl\", \"x\"]").healthcheck())
                .extracting(check -> check.test())
                .isEqualTo(List.of("CMD", "curl", "x"));
        assertThat(apply("HEALTHCHECK NONE").healthcheck()).isEqualTo(Healthcheck.none());
    }

    @Test
    void joinsContinuedLinesAndSkipsComments() throws MalformedException {
        assertThat(apply("# c\nENV A=1 \\\n  B=2\n\nUSER me:you").env()).containsExactly("A=1", "B=2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "FROM x|FROM is not a valid change command",
                "RUN x|RUN is not a valid change command",
                "foo x|foo is not a valid change command",
                "ENV|ENV requires at least one argument",
                "ENV A|ENV must have two arguments",
                "ENV =x|ENV names can not be blank",
                "ENV A=1 B|Syntax error - can't find = in \"B\". Must be of the form: name=value",
                "ENV A=\"x|unexpected end of statement while looking for matching double-quote",
                "LABEL a=${x|syntax error: missing '}'",
                "LABEL a=${x?y}|unsupported modifier (?y) in substitution",
                "EXPOSE x|invalid containerPort: x",
                "EXPOSE 70000|invalid containerPort: 70000",
                "EXPOSE 9-8|invalid containerPort: 9-8",
                "EXPOSE 1/x|invalid proto: x",
                "USER a b|USER requires exactly one argument",
                "USER|USER requires exactly one argument",
                "WORKDIR|WORKDIR requires exactly one argument",
                "STOPSIGNAL SIGFOO|Invalid signal: SIGFOO",
                "STOPSIGNAL 65|Invalid signal: 65",
                "ONBUILD ONBUILD RUN x|Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed",
                "ONBUILD from x|FROM isn't allowed as an ONBUILD trigger",
                "VOLUME [\"\"]|VOLUME specified can not be an empty string",
                "HEALTHCHECK what x|Unknown type \"WHAT\" in HEALTHCHECK (try CMD)",
                "HEALTHCHECK CMD|Missing command after HEALTHCHECK CMD",
                "HEALTHCHECK --interval=x CMD y|time: invalid duration \"x\"",
                "HEALTHCHECK --interval=1us CMD y|Interval \"interval\" cannot be less than 1ms",
                "HEALTHCHECK --x=1 CMD y|unknown flag: x"
            })
    void refusesInDockersWords(String change, String message) {
        assertThatThrownBy(() -> apply(change))
                .isInstanceOf(MalformedException.class)
                .hasMessage(message.replace("``", "`"));
    }
}
