package dev.gantry.e2e.registries;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.EndToEnd;
import dev.gantry.e2e.EverySetup;
import dev.gantry.e2e.LocalRegistry;
import dev.gantry.e2e.Result;
import dev.gantry.e2e.registries.ScriptedServer.Reply;
import java.io.IOException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Registries that want to be asked less often: what ends soon is waited for, everything else is told with its end.
@EverySetup
class RateLimitsIT extends EndToEnd {
    private static final String MANIFESTS = "(GET|HEAD) .*/manifests/.*";
    private static final String TOLD = "toomanyrequests: You have reached your pull rate limit.";

    private static LocalRegistry registry;
    private static LimitedRegistry limited;
    private static String thing;

    @BeforeAll
    static void start() throws IOException {
        registry = LocalRegistry.start();
        registry.add("team/thing:1", Map.of("one", "first\n"));
        limited = new LimitedRegistry(registry.host());
        thing = limited.host() + "/team/thing:1";
    }

    @AfterAll
    static void close() throws IOException {
        limited.close();
        registry.close();
    }

    @AfterEach
    void removeWhatWasPulled() throws IOException {
        Result _ = call("rmi", "-f", thing);
    }

    private void pulls() throws IOException {
        assertThat(ok("pull", thing)).contains("Status: Downloaded newer image for " + thing);
    }

    /// What dockerd does.
    private void givesUpAtOnce(String... words) throws IOException {
        assertThat(fails(1, words)).endsWith(TOLD);
        assertThat(limited.refused()).isNotEmpty();
    }

    @Test
    void waitsForTheEndOfALimit() throws IOException {
        limited.limit(MANIFESTS, 2, "1");
        if (!setup.onGantry()) {
            givesUpAtOnce("pull", thing);
            return;
        }
        long start = System.nanoTime();
        pulls();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
        assertThat(limited.refused()).hasSize(2);
    }

    @Test
    void triesAgainWhereTheRegistryDoesNotSayWhen() throws IOException {
        limited.limit(MANIFESTS, 2, "");
        if (!setup.onGantry()) {
            givesUpAtOnce("pull", thing);
            return;
        }
        pulls();
        assertThat(limited.refused()).hasSize(2);
    }

    @Test
    void waitsForLayers() throws IOException {
        limited.limit("GET .*/blobs/.*", 3, "1");
        if (!setup.onGantry()) {
            givesUpAtOnce("pull", thing);
            return;
        }
        pulls();
        assertThat(limited.refused()).hasSize(3);
    }

    @Test
    void tellsWhenALimitEnds() throws IOException {
        limited.limit(MANIFESTS, 100, "3600");
        assertThat(fails(1, "pull", thing))
                .isEqualTo("Error response from daemon: " + TOLD + (setup.onGantry() ? " (retry after 3600 s)" : ""));
        assertThat(limited.refused()).hasSizeLessThanOrEqualTo(setup.onGantry() ? 1 : 2);
        // pulled, too
        assertThat(fails(125, "run", "--rm", thing, "true")).contains(TOLD);
        assertThat(ok("images", "-q", thing)).isEmpty();
        limited.limit(MANIFESTS, 0, "");
        pulls();
    }

    @Test
    void readsADate() throws IOException {
        ZonedDateTime end = ZonedDateTime.now(ZoneOffset.UTC).plusHours(1);
        limited.limit(MANIFESTS, 100, DateTimeFormatter.RFC_1123_DATE_TIME.format(end));
        assertThat(fails(1, "pull", thing))
                .matches("Error response from daemon: " + TOLD
                        + (setup.onGantry() ? " \\(retry after 3[56][0-9]{2} s\\)" : ""));
    }

    @Test
    void leavesNothingOfAnImageWhoseLayersAreLimited() throws IOException {
        limited.limit("GET .*/blobs/.*", 100, "3600");
        assertThat(fails(1, "pull", thing)).endsWith(TOLD + (setup.onGantry() ? " (retry after 3600 s)" : ""));
        assertThat(ok("images", "-q", thing)).isEmpty();
        limited.limit(MANIFESTS, 0, "");
        pulls();
    }

    @Test
    void pushesWhenALimitHasEnded() throws IOException {
        String name = limited.host() + "/push/" + newName() + ":1";
        ok("tag", IMAGE, name);
        try {
            limited.limit("(POST|PATCH|PUT) .*", 3, "1");
            if (!setup.onGantry()) {
                givesUpAtOnce("push", name);
                return;
            }
            assertThat(ok("push", name)).contains("1: digest: sha256:");
            assertThat(limited.refused()).hasSize(3);
            limited.limit("PUT .*/manifests/.*", 100, "600");
            assertThat(fails(1, "push", name)).endsWith(TOLD + " (retry after 600 s)");
        } finally {
            ok("rmi", name);
        }
    }

    @Test
    void tellsWhenToSearchAgain() throws IOException {
        try (ScriptedServer index =
                new ScriptedServer(request -> request.target().equals("/v1/_ping")
                        ? Reply.json(200, "true")
                        : new Reply(429, Map.of("Retry-After", "60"), ""))) {
            assertThat(fails(1, "search", index.host() + "/x"))
                    .isEqualTo("Error response from daemon: Unexpected status code 429"
                            + (setup.onGantry() ? " (retry after 60 s)" : ""));
        }
    }
}
