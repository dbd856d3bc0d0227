package dev.gantry.cli.create;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.cli.json.JsonReader;
import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.option.Arguments;
import dev.gantry.cli.option.Parser;
import dev.gantry.cli.option.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// golden/creates.json holds the bodies that the stock client (28.2) sent for the same flags, without members that say
/// nothing (zero, empty, false, null).
class CreateRequestTest {
    private static final Map<String, String> ENVIRONMENT = Map.of("FOO", "bar");

    @TestFactory
    Stream<DynamicTest> sendsWhatTheStockClientSends() throws IOException {
        JsonValue golden;
        try (InputStream stream = CreateRequestTest.class.getResourceAsStream("/golden/creates.json")) {
            golden = JsonReader.read(Objects.requireNonNull(stream));
        }
        return golden.items().stream()
                .map(each -> DynamicTest.dynamicTest(
                        String.join(" ", each.get("flags").texts()),
                        () -> assertThat(telling(body(each.get("flags").texts()).plain()))
                                .isEqualTo(telling(each.get("body").plain()))));
    }

    private static JsonValue body(List<String> words) throws UsageException, Parser.HelpRequested {
        Arguments flags = new Parser(RunFlags.forRun(ENVIRONMENT), false).parse(words);
        return CreateRequest.of(flags, ENVIRONMENT, flags.isSet("detach")).body(0, 0);
    }

    /// Leaves out what says nothing; lists are compared without their order, because Go's maps have none.
    private static @Nullable Object telling(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            TreeMap<String, Object> rest = new TreeMap<>();
            map.forEach((name, member) -> {
                Object told = telling(member);
                if (told != null
                        && !"".equals(told)
                        && !Boolean.FALSE.equals(told)
                        && !Long.valueOf(0).equals(told)) {
                    rest.put(String.valueOf(name), told);
                }
            });
            return rest.isEmpty() ? null : rest;
        }
        if (value instanceof List<?> list) {
            return list.isEmpty()
                    ? null
                    : list.stream()
                            .map(element -> String.valueOf(telling(element)))
                            .sorted()
                            .toList();
        }
        return value;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--rm --restart always x | conflicting options: cannot specify both --restart and --rm",
                "--pid bogus x | --pid: invalid PID mode",
                "--memory-swappiness 101 x | invalid value: 101. Valid memory swappiness range is 0-100",
                "--no-healthcheck --health-retries 1 x | --no-healthcheck conflicts with --health-* options",
                "--env-file /nonexistent x | --env-file: open /nonexistent: no such file or directory",
                "--security-opt seccomp=/nonexistent x | opening seccomp profile (/nonexistent) failed: open /nonexistent: no such file or directory",
                "--security-opt foo x | invalid --security-opt: \"foo\"",
                "--device a:b:c:d x | bad format for path: a:b:c:d",
                "--network-alias a x | network-scoped aliases are only supported for user-defined networks",
                "-p 99999 x | invalid containerPort: 99999",
                "--storage-opt x x | invalid storage option",
            })
    void refusesInDockersWords(String words, String message) {
        assertThatThrownBy(() -> body(List.of(words.split(" ")))).hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-e =x | invalid argument \"=x\" for \"-e, --env\" flag: invalid environment variable: =x",
                "--mount type=bind | invalid argument \"type=bind\" for \"--mount\" flag: target is required",
                "--mount type=bind,foo | invalid argument \"type=bind,foo\" for \"--mount\" flag: invalid field 'foo' must be a key=value pair",
                "--mount type=bind,src=/a,dst=/b,bind-recursive=writable | invalid argument \"type=bind,src=/a,dst=/b,bind-recursive=writable\" for \"--mount\" flag: option 'bind-recursive=writable' requires 'readonly' to be specified in conjunction",
                "--mount type=bind,src=/a,dst=/b,bind-recursive=readonly | invalid argument \"type=bind,src=/a,dst=/b,bind-recursive=readonly\" for \"--mount\" flag: option 'bind-recursive=readonly' requires 'readonly' to be specified in conjunction",
                "--mount type=bind,src=/a,dst=/b,ro,bind-recursive=readonly | invalid argument \"type=bind,src=/a,dst=/b,ro,bind-recursive=readonly\" for \"--mount\" flag: option 'bind-recursive=readonly' requires 'bind-propagation=rprivate' to be specified in conjunction",
                "--ulimit foo=1 | invalid argument \"foo=1\" for \"--ulimit\" flag: invalid ulimit type: foo",
                "--sysctl a.b=c | invalid argument \"a.b=c\" for \"--sysctl\" flag: sysctl 'a.b=c' is not allowed",
                "-a foo | invalid argument \"foo\" for \"-a, --attach\" flag: valid streams are STDIN, STDOUT and STDERR",
            })
    void refusesFlagsInDockersWords(String words, String message) {
        assertThatThrownBy(() -> body(List.of(words.split(" ")))).hasMessage(message);
    }

    @Test
    void readsFilesOfVariables(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("env");
        Files.writeString(file, "\uFEFF# comment\nA=1 # kept\n  B=\"quoted\"\n\nFOO\nABSENT\n");
        assertThat(body(List.of("--env-file", file.toString(), "-e", "C=3", "x"))
                        .get("Env")
                        .texts())
                .containsExactly("A=1 # kept", "B=\"quoted\"", "FOO=bar", "C=3");
        Files.writeString(file, "A B=1\n");
        assertThatThrownBy(() -> body(List.of("--env-file", file.toString(), "x")))
                .hasMessage("--env-file: variable 'A B' contains whitespaces");
    }
}
