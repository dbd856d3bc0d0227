package dev.gantry.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The messages are the ones that the stock client (28.2) gave for the same words.
class ParserTest {
    private static final List<Flag> FLAGS = List.of(
            Flag.of("interactive", "i", Kind.BOOL, ""),
            Flag.of("tty", "t", Kind.BOOL, ""),
            Flag.of("env", "e", Kind.LIST, ""),
            Flag.of("name", Kind.TEXT, "").withDefault("none"),
            Flag.of("platform", Kind.STRINGS, ""),
            Flag.of("memory", "m", Kind.BYTES, ""),
            Flag.of("last", "n", Kind.INT, ""),
            Flag.of("cpus", Kind.DECIMAL, ""));

    private static Arguments parse(String... words) throws UsageException, Parser.HelpRequested {
        return new Parser(FLAGS, false).parse(List.of(words));
    }

    @Test
    void takesValuesInAllForms() throws Exception {
        Arguments arguments = parse("-it", "-eA=1", "-e", "B=2", "--env=C=3", "--env", "D=,4", "-e=E=5", "image", "-x");
        assertThat(arguments.isSet("interactive")).isTrue();
        assertThat(arguments.isSet("tty")).isTrue();
        assertThat(arguments.list("env")).containsExactly("A=1", "B=2", "C=3", "D=,4", "E=5");
        assertThat(arguments.operands()).containsExactly("image", "-x");
    }

    @Test
    void letsTheLastOfSeveralCount() throws Exception {
        Arguments arguments = parse("--name", "a", "--name=b", "--tty", "--tty=false");
        assertThat(arguments.text("name")).isEqualTo("b");
        assertThat(arguments.isSet("tty")).isFalse();
        assertThat(arguments.has("tty")).isTrue();
    }

    @Test
    void splitsSlicesAtCommasButNotLists() throws Exception {
        assertThat(parse("--platform", "a,\"b,c\"", "--platform=d").list("platform"))
                .containsExactly("a", "b,c", "d");
        assertThat(parse("-e", "A=1,2").list("env")).containsExactly("A=1,2");
    }

    @Test
    void endsTheFlagsAtTwoDashes() throws Exception {
        assertThat(parse("-i", "--", "-t", "--").operands()).containsExactly("-t", "--");
        assertThat(new Parser(FLAGS, true).parse(List.of("a", "-t", "b", "-")).operands())
                .containsExactly("a", "b", "-");
    }

    @Test
    void givesDefaults() throws Exception {
        assertThat(parse().text("name")).isEqualTo("none");
        assertThat(parse("--name=").text("name")).isEmpty();
    }

    @Test
    void asksForHelp() {
        assertThatThrownBy(() -> parse("--help")).isInstanceOf(Parser.HelpRequested.class);
        assertThatThrownBy(() -> parse("-ih")).isInstanceOf(Parser.HelpRequested.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--x | unknown flag: --x",
                "--x=1 | unknown flag: --x",
                "-z | unknown shorthand flag: 'z' in -z",
                "-itz | unknown shorthand flag: 'z' in -z",
                "--name | flag needs an argument: --name",
                "-e | flag needs an argument: 'e' in -e",
                "-ie | flag needs an argument: 'e' in -e",
                "--=x | bad flag syntax: --=x",
                "---x | bad flag syntax: ---x",
                "--tty=maybe | invalid argument \"maybe\" for \"-t, --tty\" flag: strconv.ParseBool: parsing \"maybe\": invalid syntax",
                "-nabc | invalid argument \"abc\" for \"-n, --last\" flag: strconv.ParseInt: parsing \"abc\": invalid syntax",
                "-n99999999999999999999 | invalid argument \"99999999999999999999\" for \"-n, --last\" flag: strconv.ParseInt: parsing \"99999999999999999999\": value out of range",
                "-m12q | invalid argument \"12q\" for \"-m, --memory\" flag: invalid suffix: 'q'",
                "-mx | invalid argument \"x\" for \"-m, --memory\" flag: invalid size: 'x'",
                "--cpus=a | invalid argument \"a\" for \"--cpus\" flag: failed to parse a as a rational number",
            })
    void refusesInDockersWords(String word, String message) {
        assertThatThrownBy(() -> parse(word)).isInstanceOf(UsageException.class).hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource({"64,64", "64b,64", "1k,1024", "1.5kb,1536", "2MiB,2097152", "1g,1073741824", "64 kb,65536"})
    void readsSizes(String text, long bytes) {
        assertThat(ByteSize.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"1h15m30.5s,4530500000000", "-1.5h,-5400000000000", "300ms,300000000", "0,0", "1us,1000"})
    void readsTimeSpans(String text, long nanoseconds) {
        assertThat(GoDuration.parse(text).toNanos()).isEqualTo(nanoseconds);
    }

    @Test
    void quotesAsGoDoes() {
        assertThat(GoQuote.quote("a\"b\\\n\t\u0001é\u200b…")).isEqualTo("\"a\\\"b\\\\\\n\\t\\x01é\\u200b…\"");
    }
}
