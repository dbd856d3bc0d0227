package dev.gantry.registry.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Headers and lists of hosts, as others write them.
class HeadersTest {
    @Test
    void challengesAreReadFromOneOrSeveralHeaders() {
        assertThat(Challenge.parse(List.of(
                        "Bearer realm=\"https://auth.docker.io/token\",service=\"registry.docker.io\", error=invalid_token",
                        "Negotiate, BASIC Realm=\"a \\\"b\\\", c\"")))
                .containsExactly(
                        new Challenge(
                                "bearer",
                                Map.of(
                                        "realm",
                                        "https://auth.docker.io/token",
                                        "service",
                                        "registry.docker.io",
                                        "error",
                                        "invalid_token")),
                        new Challenge("negotiate", Map.of()),
                        new Challenge("basic", Map.of("realm", "a \"b\", c")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",", "=", "Bearer realm=\"unclosed", "\u0000", "a=b=c"})
    void challengesThatAreNoneDoNoHarm(String header) {
        assertThat(Challenge.parse(List.of(header)))
                .allMatch(each -> each.parameters().isEmpty());
    }

    @Test
    void challengesAreLimited() {
        assertThat(Challenge.parse(List.of("Basic ".repeat(2000)))).isEmpty();
        assertThat(Challenge.parse(List.of("Basic ".repeat(1000)))).hasSize(16);
    }

    @Test
    void rangesAreRead() {
        assertThat(ContentRange.parse("bytes 5-9/10")).isEqualTo(new ContentRange(5, 9, 10L));
        assertThat(ContentRange.parse("bytes 5-9/*")).isEqualTo(new ContentRange(5, 9, null));
        assertThat(ContentRange.parse("bytes */10")).isNull();
        assertThat(ContentRange.parse("bytes 5-99999999999999999999/10")).isNull();
        assertThat(ContentRange.parse(null)).isNull();
    }

    @Test
    void theNextPageIsFoundAmongLinks() {
        assertThat(NextLink.of(List.of("</a>; rel=\"prev\", </b?n=1>; title=x; rel=\"next\"")))
                .isEqualTo("/b?n=1");
        assertThat(NextLink.of(List.of("</a>; rel=prev", "</b>;rel=next"))).isEqualTo("/b");
        assertThat(NextLink.of(List.of("</a>; rel=nextish"))).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:5000, true",
        "127.8.9.10, true",
        "[::1]:5000, true",
        "localhost:5000, true",
        "10.1.255.255:80, true",
        "10.2.0.0, false",
        "Registry.Example:5000, true",
        "registry.example, false",
        "host.example:1, false",
        "host.example, true"
    })
    void insecureHostsAreFoundByNameAndNetwork(String authority, boolean expected) {
        InsecureHosts hosts = new InsecureHosts(
                List.of("127.0.0.0/8", "::1/128", "10.1.0.0/16", "registry.example:5000", "host.example"));
        assertThat(hosts.contains(authority)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/33", "http://host", "user@host", "a b", "", "host:65536", "10.0.0.0/", "/8"})
    void whatIsNoInsecureHostIsRefused(String entry) {
        assertThatThrownBy(() -> new InsecureHosts(List.of(entry))).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "https://a.example/, proxy",
        "http://a.example/, plain",
        "https://localhost/, direct",
        "https://127.0.0.1:5000/, direct",
        "https://direct.example/, direct",
        "https://below.direct.example/, direct",
        "https://redirect.example/, proxy",
        "https://dotted.example/, proxy",
        "https://below.dotted.example/, direct",
        "https://10.9.8.7/, direct",
        "https://port.example:8443/, direct",
        "https://port.example/, proxy"
    })
    void proxiesAreChosenAsGoDoes(URI uri, String way) {
        ProxyRoutes routes = new ProxyRoutes(
                URI.create("http://plain:3128"),
                URI.create("http://proxy"),
                "direct.example, .dotted.example,10.0.0.0/8,port.example:8443,");
        String address = String.valueOf(routes.select(uri).getFirst());
        assertThat(address).contains(way.equals("direct") ? "DIRECT" : way);
    }
}
