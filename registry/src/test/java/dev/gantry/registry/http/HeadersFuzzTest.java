package dev.gantry.registry.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.fuzz.Fuzz;
import dev.gantry.fuzz.Inputs;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What registries write in headers does no harm, whatever it is.
class HeadersFuzzTest {
    private static String header(Inputs inputs, String... valid) {
        String text = inputs.mutate(inputs.pick(valid));
        return inputs.describe(inputs.oneIn(20) ? text.repeat(1 + inputs.below(300)) : text);
    }

    @Test
    void challenges() {
        Fuzz.run("WWW-Authenticate", inputs -> {
            String header = header(
                    inputs,
                    "Bearer realm=\"https://auth.docker.io/token\",service=\"registry.docker.io\",scope=\"repository:a/b:pull\"",
                    "Basic realm=\"a \\\"b\\\" c\", Digest qop=\"auth,auth-int\", nonce=abc",
                    "Negotiate, Basic realm=x");
            for (Challenge each : Challenge.parse(List.of(header, header))) {
                assertThat(each.scheme()).matches("[!-~]+").isLowerCase();
                assertThat(each.parameters().keySet()).allMatch(name -> name.matches("[!-~]+"));
            }
        });
    }

    @Test
    void longChallenges() {
        assertThat(Challenge.parse(List.of("Basic realm=\"" + "\\\"".repeat(4000) + "\"")))
                .singleElement()
                .satisfies(each -> assertThat(each.parameter("realm")).hasSize(4000));
    }

    @Test
    void links() {
        Fuzz.run("Link", inputs -> {
            String header = header(
                    inputs,
                    "</v2/a/tags/list?last=x&n=100>; rel=\"next\"",
                    "<https://x/y>; rel=prev, </z>; title=\"a;b\"; rel=next",
                    "<".repeat(50) + ">; rel=next");
            String next = NextLink.of(List.of(header));
            if (next != null) {
                assertThat(next).isNotEmpty().doesNotContain("<", ">");
            }
        });
    }

    @Test
    void ranges() {
        Fuzz.run("Content-Range", inputs -> {
            ContentRange range = ContentRange.parse(header(inputs, "bytes 0-9/10", "bytes 5-99999/*"));
            if (range != null) {
                assertThat(ContentRange.parse(range.toString())).isEqualTo(range);
            }
        });
    }
}
