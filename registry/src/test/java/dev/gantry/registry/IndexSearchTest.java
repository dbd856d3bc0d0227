package dev.gantry.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.registry.FakeServer.Reply;
import dev.gantry.registry.RegistryClient.FoundImage;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class IndexSearchTest extends RegistryFixture {
    private static final String SEARCH = "GET /v1/search";

    @Test
    void asksTheIndexOfTheTermsRegistry() throws IOException {
        FakeServer index = server().on(SEARCH, _ -> Reply.json(200, """
            {"num_results": 2, "results": [
              {"name": "busybox", "description": "small\\u001b[2J\\u009b31m", "star_count": 3, "is_official": true},
              {"name": "a/b", "description": null, "star_count": 0, "is_automated": true}]}\
            """));
        List<FoundImage> found = client().search(index.authority() + "/busy box", 7, ALICE);
        // what a registry says ends up on a terminal
        assertThat(found)
                .containsExactly(
                        new FoundImage("busybox", "small [2J 31m", 3, true, false),
                        new FoundImage("a/b", "", 0, false, true));
        FakeServer.Seen request = index.seen(SEARCH).getFirst();
        assertThat(request.path()).isEqualTo("/v1/search?n=7&q=busy+box");
        assertThat(request.header("Authorization")).startsWith("Basic ");
    }

    @Test
    void saysWhatTheIndexSaid() throws IOException {
        FakeServer index = server().on(SEARCH, _ -> Reply.of(503, "busy"));
        assertThatThrownBy(() -> client().search(index.authority() + "/x", 25, null))
                .isInstanceOf(RegistryException.Refused.class)
                .hasMessage("Unexpected status code 503");
        FakeServer limited = server().on(SEARCH, _ -> Reply.of(429, "busy").with("Retry-After", "60"));
        assertThatThrownBy(() -> client().search(limited.authority() + "/x", 25, null))
                .isInstanceOf(RegistryException.TooManyRequests.class)
                .hasMessage("Unexpected status code 429 (retry after 60 s)");
        FakeServer other = server().on(SEARCH, _ -> Reply.json(200, "[1]"));
        assertThatThrownBy(() -> client().search(other.authority() + "/x", 25, null))
                .isInstanceOf(RegistryException.Corrupt.class);
    }
}
