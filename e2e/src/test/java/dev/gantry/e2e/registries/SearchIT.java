package dev.gantry.e2e.registries;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.EndToEnd;
import dev.gantry.e2e.EverySetup;
import dev.gantry.e2e.Result;
import dev.gantry.e2e.registries.ScriptedServer.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// `search`, against an index that always finds the same. The texts are those of the stock client on dockerd.
@EverySetup
class SearchIT extends EndToEnd {
    private static final String FOUND = """
            {"num_results": 4, "query": "busy", "results": [
              {"name": "busybox", "description": "Busybox base image.", "star_count": 3300,
               "is_official": true, "is_automated": false},
              {"name": "team/busy", "description": "Longer than the forty-five columns\\nof a täble, with ünïcödé",
               "star_count": 7, "is_official": false, "is_automated": true},
              {"name": "other/busy", "description": "", "star_count": 0, "is_official": false, "is_automated": false},
              {"name": "some/busy", "description": null, "star_count": 12}]}
            """;
    private static final String OFFICIAL = """
            NAME      DESCRIPTION           STARS     OFFICIAL
            busybox   Busybox base image.   3300      [OK]
            """;

    private static ScriptedServer index;
    private static String term;

    @BeforeAll
    static void startAnIndex() throws IOException {
        index = indexOf(200, FOUND);
        term = index.host() + "/busy";
    }

    private static ScriptedServer indexOf(int status, String results) throws IOException {
        return new ScriptedServer(request -> request.target().startsWith("/v1/search?")
                ? Reply.json(status, results)
                : Reply.json(request.target().equals("/v1/_ping") ? 200 : 404, "true"));
    }

    @AfterAll
    static void closeIt() throws IOException {
        index.close();
    }

    /// All that a search prints, to the byte, on standard output, and nothing on standard error.
    private String found(String... options) throws IOException {
        Result result = search(options);
        assertThat(result.exit()).as(result::toString).isZero();
        assertThat(result.err()).isEmpty();
        return result.out();
    }

    private Result search(String... options) throws IOException {
        return call(words(options));
    }

    private static String[] words(String... options) {
        String[] words = new String[options.length + 2];
        words[0] = "search";
        System.arraycopy(options, 0, words, 1, options.length);
        words[words.length - 1] = term;
        return words;
    }

    @Test
    void showsWhatTheIndexFinds() throws IOException {
        assertThat(found()).isEqualTo("""
                NAME         DESCRIPTION                                     STARS     OFFICIAL
                busybox      Busybox base image.                             3300      [OK]
                team/busy    Longer than the forty-five columns of a täbl…   7        \s
                other/busy                                                   0        \s
                some/busy                                                    12       \s
                """);
        assertThat(found("--no-trunc")).isEqualTo("""
                NAME         DESCRIPTION                                                   STARS     OFFICIAL
                busybox      Busybox base image.                                           3300      [OK]
                team/busy    Longer than the forty-five columns of a täble, with ünïcödé   7        \s
                other/busy                                                                 0        \s
                some/busy                                                                  12       \s
                """);
        assertThat(found("--format", "table")).isEqualTo(found());
    }

    @Test
    void asksTheIndexForSoMany() throws IOException {
        assertThat(lastQuery()).contains("q=busy", "n=25");
        assertThat(lastQuery("--limit", "7")).contains("q=busy", "n=7");
        assertThat(lastQuery("--limit", "0")).contains("n=25");
        assertThat(lastQuery("--limit", "-1")).contains("n=25");
        assertThat(lastQuery("--limit", "100")).contains("n=100");
        assertThat(fails(1, words("--limit", "101")))
                .isEqualToIgnoringCase("Error response from daemon: limit 101 is outside the range of [1, 100]");
    }

    private List<String> lastQuery(String... options) throws IOException {
        String _ = found(options);
        return List.of(
                index.requests().getLast().target().replace("/v1/search?", "").split("&", -1));
    }

    @Test
    void leavesOutWhatIsFilteredOut() throws IOException {
        assertThat(found("--filter", "is-official=true")).isEqualTo(OFFICIAL);
        assertThat(found("--filter", "is-official=true", "--filter", "stars=3")).isEqualTo(OFFICIAL);
        assertThat(found("-f", "stars=3", "-f", "stars=100")).isEqualTo(OFFICIAL);
        assertThat(found("--filter", "stars=4000")).isEqualTo("NAME      DESCRIPTION   STARS     OFFICIAL\n");
        assertThat(found("--filter", "stars=12", "--format", "{{.Name}}")).isEqualTo("busybox\nsome/busy\n");
        assertThat(found("--filter", "is-official=false", "--format", "{{.Name}}"))
                .isEqualTo("team/busy\nother/busy\nsome/busy\n");
    }

    @Test
    void warnsOfAFilterThatHasHadItsTime() throws IOException {
        for (String filter : List.of("is-automated=true", "is-automated=false")) {
            Result result = search("--filter", filter, "--format", "{{.Name}}");
            assertThat(result.err())
                    .isEqualTo("WARNING: the \"is-automated\" filter is deprecated, and searching for"
                            + " \"is-automated=true\" will not yield any results in future.\n");
            assertThat(result.out())
                    .isEqualTo(filter.endsWith("true") ? "team/busy\n" : "busybox\nother/busy\nsome/busy\n");
        }
    }

    @Test
    void refusesFiltersThatAreNone() throws IOException {
        assertThat(fails(1, words("--filter", "stars=x")))
                .isEqualToIgnoringCase("Error response from daemon: invalid filter 'stars=x'");
        assertThat(fails(1, words("--filter", "is-official=maybe")))
                .isEqualToIgnoringCase("Error response from daemon: invalid filter 'is-official=[maybe]'");
        assertThat(fails(1, words("--filter", "color=red")))
                .isEqualToIgnoringCase("Error response from daemon: invalid filter 'color'");
        assertThat(fails(125, words("--filter", "stars")))
                .startsWith("invalid argument \"stars\" for \"-f, --filter\" flag: bad format of filter"
                        + " (expected name=value)");
    }

    @Test
    void printsAsAskedTo() throws IOException {
        String objects = """
                {"Description":"Busybox base image.","IsOfficial":"true","Name":"busybox","StarCount":"3300"}
                {"Description":"Longer than the forty-five columns of a täbl…","IsOfficial":"false","Name":"team/busy",\
                "StarCount":"7"}
                {"Description":"","IsOfficial":"false","Name":"other/busy","StarCount":"0"}
                {"Description":"","IsOfficial":"false","Name":"some/busy","StarCount":"12"}
                """;
        assertThat(found("--format", "json")).isEqualTo(objects);
        assertThat(found("--format", "{{json .}}")).isEqualTo(objects);
        assertThat(found("--format", "{{.Name}}:{{.StarCount}}:{{.IsOfficial}}"))
                .isEqualTo("busybox:3300:[OK]\nteam/busy:7:\nother/busy:0:\nsome/busy:12:\n");
        assertThat(found("--format", "table {{.Name}}\\t{{.StarCount}}")).startsWith("NAME         STARS\n");
        assertThat(fails(1, words("--format", "{{.Nope}}")))
                .isEqualTo("template parsing error: template: :1:2: executing \"\" at <.Nope>: can't evaluate field"
                        + " Nope in type *registry.searchContext");
        assertThat(fails(1, words("--format", "{{")))
                .isEqualTo("template parsing error: template: :1: unclosed action");
    }

    /// Only the index that the login is for hears of it.
    @Test
    void saysWhoAsks() throws IOException {
        Path configuration = setup.daemon().directory().resolve("home/docker/config.json");
        String auth = Base64.getEncoder().encodeToString(bytes("alice:wonder").readAllBytes());
        try {
            Files.writeString(configuration, "{\"auths\":{\"%s\":{\"auth\":\"%s\"}}}".formatted(index.host(), auth));
            String _ = found();
            assertThat(index.requests().getLast().headers().get("Authorization"))
                    .isEqualTo("Basic " + auth);
            Files.writeString(configuration, "{\"auths\":{\"other.test\":{\"auth\":\"%s\"}}}".formatted(auth));
            String _ = found();
            assertThat(index.requests().getLast().headers()).doesNotContainKey("Authorization");
        } finally {
            Files.delete(configuration);
        }
    }

    @Test
    void saysWhatIsWrong() throws IOException {
        assertThat(fails(1, "search", "https://" + term)).containsIgnoringCase("invalid repository name");
        assertThat(fails(1, "search", "127.0.0.1:1/busy")).contains("127.0.0.1:1", "connection refused");
        try (ScriptedServer broken = indexOf(503, "out of order")) {
            assertThat(fails(1, "search", broken.host() + "/busy")).contains("Unexpected status code 503");
        }
    }

    /// An index must not get at the terminal: nothing of Docker's keeps it from that.
    @Test
    void showsNoControlCharacters() throws IOException {
        try (ScriptedServer hostile = indexOf(
                200, "{\"results\": [{\"name\": \"a\\u001b[2J\", \"description\": \"\\u009b31mred\\u0007\"}]}")) {
            String out = ok("search", hostile.host() + "/busy");
            if (setup.onGantry()) {
                assertThat(out.replace("\n", ""))
                        .doesNotContainPattern("\\p{Cc}")
                        .contains("red");
            }
        }
    }
}
