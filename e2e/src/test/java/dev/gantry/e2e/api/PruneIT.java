package dev.gantry.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.EndToEnd;
import dev.gantry.e2e.EngineConnection;
import dev.gantry.e2e.EveryDaemon;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Containers that do not run are removed, those that the filters want.
@EveryDaemon
class PruneIT extends EndToEnd {
    @Test
    void keepsWhatRuns() throws IOException {
        String running = ok("run", "-d", "--network", "none", "busybox", "sleep", "60");
        String created = made("a");

        assertThat(pruned("")).contains(created).doesNotContain(running);

        ok("rm", "-f", running);
    }

    @Test
    void takesWhatHasEveryLabel() throws IOException {
        String both = made("a", "b");
        String one = made("a");

        assertThat(pruned("{\"label\":[\"a\",\"b\"]}")).contains(both).doesNotContain(one);
    }

    @Test
    void keepsOnlyWhatHasEveryLabelThatIsExcluded() throws IOException {
        String both = made("a", "b");
        String one = made("a");

        assertThat(pruned("{\"label!\":[\"a\",\"b\"]}")).contains(one).doesNotContain(both);
    }

    private String made(String... labels) throws IOException {
        String json = String.join(
                ",",
                List.of(labels).stream().map(each -> "\"" + each + "\":\"\"").toList());
        return json(ask("/containers/create", "{\"Image\":\"busybox\",\"Cmd\":[\"true\"],\"Labels\":{" + json + "}}"))
                .get("Id")
                .stringValue();
    }

    private String pruned(String filters) throws IOException {
        return ask("/containers/prune?filters=" + URLEncoder.encode(filters, StandardCharsets.UTF_8), null);
    }

    private String ask(String path, @Nullable String json) throws IOException {
        try (EngineConnection connection = setup.daemon().connect()) {
            EngineConnection.Response answer = connection.request("POST", path, json);
            assertThat(answer.status()).as(answer.text()).isLessThan(300);
            return answer.text();
        }
    }
}
