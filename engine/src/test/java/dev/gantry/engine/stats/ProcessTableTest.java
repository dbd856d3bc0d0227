package dev.gantry.engine.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.engine.Top;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProcessTableTest {
    private static final String OUTPUT = """
            UID          PID    PPID  C STIME TTY          TIME CMD
            root           1       0  0 07:06 ?        00:00:01 /sbin/init splash
            root        4242       1  0 07:07 pts/0    00:00:00 sh -c sleep 1;  echo done
            root       42421       1  0 07:07 pts/0    00:00:00 sleep 1
            """;

    @Test
    void showsTheContainersProcessesOnly() {
        Top top = ProcessTable.parse(OUTPUT, Set.of(4242));
        assertThat(top.titles()).containsExactly("UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD");
        assertThat(top.rows())
                .containsExactly(
                        List.of("root", "4242", "1", "0", "07:07", "pts/0", "00:00:00", "sh -c sleep 1;  echo done"));
    }

    @Test
    void needsAColumnOfProcessIds() {
        assertThatThrownBy(() -> ProcessTable.parse("CMD\nsh\n", Set.of(1)))
                .isInstanceOf(Invalid.class)
                .hasMessage("Couldn't find PID field in ps output");
    }
}
