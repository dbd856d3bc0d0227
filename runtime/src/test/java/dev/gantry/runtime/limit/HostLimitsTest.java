package dev.gantry.runtime.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.oci.runtime.Rlimit;
import dev.gantry.runtime.launch.ProcessPlan.Limit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostLimitsTest {
    private final List<String> warnings = new ArrayList<>();

    private HostLimits limits(boolean mayRaise, Rlimit openFiles) {
        List<Long> hard = new ArrayList<>(Collections.nCopies(16, Rlimit.INFINITY));
        hard.set(7, 1000L);
        return new HostLimits(mayRaise, hard, 100, openFiles, warnings::add);
    }

    @Test
    void areReadInTheOrderOfTheirNumbers() throws Exception {
        List<String> table = new ArrayList<>();
        table.add("Limit                     Soft Limit           Hard Limit           Units     ");
        for (int i = 0; i < 15; i++) {
            table.add("Max number %-14d 1                    %-20d files     ".formatted(i, i));
        }
        table.add("Max realtime timeout      unlimited            unlimited            us        ");

        List<Long> hard = HostLimits.parse(table);

        assertThat(hard).hasSize(16).startsWith(0L, 1L, 2L).endsWith(Rlimit.INFINITY);
        assertThatThrownBy(() -> HostLimits.parse(table.subList(0, 5)))
                .isInstanceOf(IOException.class)
                .hasMessage("/proc/self/limits: got 4 limits, want 16");
    }

    @Test
    void areCutDownToWhatTheHostGives() {
        assertThat(limits(false, null).limits(List.of(new Rlimit("RLIMIT_NOFILE", 2000, 500))))
                .containsExactly(new Limit(7, "RLIMIT_NOFILE", 500, 1000, false));
        assertThat(limits(false, null).limits(List.of(new Rlimit("RLIMIT_NOFILE", Rlimit.INFINITY, 2000))))
                .containsExactly(new Limit(7, "RLIMIT_NOFILE", 1000, 1000, false));
        assertThat(warnings).hasSize(2).allMatch(each -> each.contains("above 1000"));
    }

    @Test
    void areGivenWherePossible() {
        assertThat(limits(true, null).limits(List.of(new Rlimit("RLIMIT_NOFILE", 2000, 500))))
                .containsExactly(new Limit(7, "RLIMIT_NOFILE", 500, 2000, true));
        assertThat(limits(false, null).limits(List.of(new Rlimit("RLIMIT_CORE", Rlimit.INFINITY, 0))))
                .containsExactly(new Limit(4, "RLIMIT_CORE", 0, Rlimit.INFINITY, false));
        assertThat(warnings).isEmpty();
    }

    @Test
    void ofOpenFilesAreThoseFromBeforeTheJvmIfNothingElseIsAskedFor() {
        Rlimit before = new Rlimit("RLIMIT_NOFILE", 900, 300);

        assertThat(limits(false, before).limits(List.of()))
                .containsExactly(new Limit(7, "RLIMIT_NOFILE", 300, 900, false));
        assertThat(limits(false, before).limits(List.of(new Rlimit("RLIMIT_NOFILE", 700, 600))))
                .containsExactly(new Limit(7, "RLIMIT_NOFILE", 600, 700, false));
    }

    @Test
    void haveNames() {
        assertThatThrownBy(() -> limits(true, null).limits(List.of(new Rlimit("RLIMIT_FUN", 1, 1))))
                .hasMessage("unknown limit \"RLIMIT_FUN\"");
    }

    @Test
    void letAScoreOnlyRise() {
        assertThat(limits(false, null).score(null)).isNull();
        assertThat(limits(false, null).score(500)).isEqualTo(500);
        assertThat(limits(true, null).score(-1000)).isEqualTo(-1000);
        assertThat(warnings).isEmpty();
        assertThat(limits(false, null).score(99)).isEqualTo(100);
        assertThat(warnings).hasSize(1);
    }

    @Test
    void needNoWriteForAScoreThatIsThereAnyway() {
        assertThat(limits(false, null).otherScore(100)).isNull();
        assertThat(limits(false, null).otherScore(101)).isEqualTo(101);
    }
}
