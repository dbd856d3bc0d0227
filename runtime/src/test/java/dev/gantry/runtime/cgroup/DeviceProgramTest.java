package dev.gantry.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.oci.runtime.DeviceRule;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DeviceProgramTest {
    private static final DeviceRule NOTHING = rule("- a *:* rwm");

    /// `+ c 1:3 rwm` allows, `- …` denies.
    private static DeviceRule rule(String text) {
        String[] words = text.split("[ :]", -1);
        return new DeviceRule(words[0].equals("+"), words[1], number(words[2]), number(words[3]), words[4]);
    }

    private static Long number(String text) {
        return text.equals("*") ? null : Long.valueOf(text);
    }

    private static EbpfMachine machine(String... rules) throws IOException {
        Stream<DeviceRule> all =
                Stream.concat(Stream.of(NOTHING), Arrays.stream(rules).map(DeviceProgramTest::rule));
        return new EbpfMachine(DeviceProgram.compile(DeviceRules.of(all.toList())));
    }

    @Test
    void allowsWhatEveryContainerHas() throws IOException {
        EbpfMachine machine = machine();

        assertThat(Stream.of("c 1:3 rw", "c 1:9 r", "c 136:12 rw", "c 5:2 rw", "c 7:7 m", "b 8:0 m"))
                .allMatch(machine::allows);
        assertThat(Stream.of("b 8:0 r", "b 8:0 w", "b 8:0 rm", "c 1:1 r", "c 10:229 rw", "c 1:4 r", "b 1:3 r"))
                .noneMatch(machine::allows);
    }

    @Test
    void tellsAccessesApart() throws IOException {
        EbpfMachine machine = machine("+ c 10:229 r");

        assertThat(machine.allows("c 10:229 r")).isTrue();
        assertThat(machine.allows("c 10:229 rm")).isTrue();
        assertThat(machine.allows("c 10:229 w")).isFalse();
        assertThat(machine.allows("c 10:229 rw")).isFalse();
    }

    @Test
    void takesTheAccessesFromSeveralRules() throws IOException {
        EbpfMachine machine = machine("+ b 8:* r", "+ b *:1 w");

        assertThat(machine.allows("b 8:1 rw")).isTrue();
        assertThat(machine.allows("b 8:2 rw")).isFalse();
        assertThat(machine.allows("b 9:1 w")).isTrue();
    }

    @Test
    void letsTheLastRuleDecide() throws IOException {
        EbpfMachine machine = machine("+ b *:* rwm", "- b 8:0 w", "+ b 8:0 w", "- b 8:1 w");

        assertThat(machine.allows("b 8:0 rw")).isTrue();
        assertThat(machine.allows("b 8:1 r")).isTrue();
        assertThat(machine.allows("b 8:1 rw")).isFalse();
    }

    @Test
    void allowsEverythingButWhatIsDenied() throws IOException {
        EbpfMachine machine = machine("- c 4:* rwm", "+ a *:* rwm", "- c 1:3 w");

        assertThat(machine.allows("b 8:0 rwm")).isTrue();
        assertThat(machine.allows("c 4:1 rw")).isTrue();
        assertThat(machine.allows("c 1:3 r")).isTrue();
        assertThat(machine.allows("c 1:3 w")).isFalse();
    }

    @Test
    void meansBothTypesByAll() throws IOException {
        EbpfMachine machine = machine("+ a 8:3 rw");

        assertThat(machine.allows("c 8:3 rw")).isTrue();
        assertThat(machine.allows("b 8:3 rw")).isTrue();
        assertThat(machine.allows("b 8:4 rw")).isFalse();
    }

    @Test
    void hasNoDeviceWithANumberThatDoesNotExist() throws IOException {
        assertThat(machine("+ c 4294967297:3 rw").allows("c 1:4 r")).isFalse();
    }

    @Test
    void refusesWhatIsNoTypeAndNoAccess() {
        assertThatThrownBy(() -> machine("+ x 1:1 r")).hasMessageContaining("got type \"x\"");
        assertThatThrownBy(() -> machine("+ c 1:1 rx")).hasMessageContaining("got access \"rx\"");
    }

    /// Against a reading of the specification that looks at one access after the other.
    @Test
    void decidesAsTheSpecificationSaysForAnyRules() throws IOException {
        Random random = new Random(42);
        for (int round = 0; round < 2000; round++) {
            String[] rules = Stream.generate(() -> randomRule(random))
                    .limit(random.nextInt(6))
                    .toArray(String[]::new);
            EbpfMachine machine = machine(rules);
            for (int device = 0; device < 20; device++) {
                String wanted = "%s %d:%d %s"
                        .formatted(type(random), 200 + random.nextInt(2), random.nextInt(2), access(random));
                assertThat(machine.allows(wanted))
                        .as("%s of %s", wanted, Arrays.toString(rules))
                        .isEqualTo(expected(rules, wanted));
            }
        }
    }

    private static boolean expected(String[] rules, String device) {
        String[] wanted = device.split("[ :]", -1);
        return wanted[3].chars().allMatch(access -> expected(rules, wanted, (char) access));
    }

    private static boolean expected(String[] rules, String[] wanted, char access) {
        boolean allowed = access == 'm';
        for (String each : rules) {
            String[] rule = each.split("[ :]", -1);
            boolean fits = (rule[1].equals("a") || rule[1].equals(wanted[0]))
                    && (rule[2].equals("*") || rule[2].equals(wanted[1]))
                    && (rule[3].equals("*") || rule[3].equals(wanted[2]))
                    && rule[4].indexOf(access) >= 0;
            if (each.substring(2).equals("a *:* rwm")) {
                // begins anew, with what every container has
                allowed = rule[0].equals("+") || access == 'm';
            } else if (fits) {
                allowed = rule[0].equals("+");
            }
        }
        return allowed;
    }

    private static String randomRule(Random random) {
        String sign = random.nextBoolean() ? "+" : "-";
        String kind = random.nextInt(4) == 0 ? "a" : type(random);
        String major = random.nextInt(3) == 0 ? "*" : Integer.toString(200 + random.nextInt(2));
        String minor = random.nextInt(3) == 0 ? "*" : Integer.toString(random.nextInt(2));
        return "%s %s %s:%s %s".formatted(sign, kind, major, minor, access(random));
    }

    private static String type(Random random) {
        return random.nextBoolean() ? "c" : "b";
    }

    private static String access(Random random) {
        int bits = 1 + random.nextInt(7);
        return ((bits & 1) > 0 ? "r" : "") + ((bits & 2) > 0 ? "w" : "") + ((bits & 4) > 0 ? "m" : "");
    }
}
