package dev.gantry.runtime.external;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RuntimeLogTest {
    @Test
    void givesTheLastErrorInTheWordsOfTheRuntime() {
        String log = """
                {"level":"warning","msg":"unable to do something","time":"2026-01-01T00:00:00Z"}
                {"level":"error","msg":"first","time":"2026-01-01T00:00:00Z"}
                {"level":"error","msg":"runc run failed: exec: \\"x\\": not found\\n","time":"2026-01-01T00:00:01Z"}
                {"level":"info","msg":"later","time":"2026-01-01T00:00:02Z"}
                """;
        assertThat(RuntimeLog.error(log)).contains("runc run failed: exec: \"x\": not found");
    }

    @Test
    void passesOverWhatIsNoMessage() {
        assertThat(RuntimeLog.error("time=now level=error msg=plain\n[]\n{\"level\":\"error\""))
                .isEmpty();
        assertThat(RuntimeLog.error("")).isEmpty();
    }
}
