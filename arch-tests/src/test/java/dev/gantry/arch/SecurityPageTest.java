package dev.gantry.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// docs/security.md says which tests guard against which published advisory, and the tests say the same.
class SecurityPageTest {
    private static final Pattern ADVISORY =
            Pattern.compile("(?:CVE-\\d{4}-\\d+|GO-\\d{4}-\\d+|GHSA(?:-[a-z0-9]{4}){1,3})");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (" + ADVISORY.pattern() + ") \\| (.+) \\|$");

    @Test
    void namesTheTestsThatNameTheAdvisories() {
        Map<String, SortedSet<String>> inTests = inTests();
        assertThat(inTests).hasSizeGreaterThan(30);
        assertThat(onThePage()).isEqualTo(inTests);
    }

    private static Map<String, SortedSet<String>> onThePage() {
        Map<String, SortedSet<String>> page = new TreeMap<>();
        ROW.matcher(Production.read(Production.root().resolve("docs/security.md")))
                .results()
                .forEach(row -> page.put(
                        row.group(1),
                        new TreeSet<>(List.of(row.group(2).replace("`", "").split(", ", -1)))));
        return page;
    }

    private static Map<String, SortedSet<String>> inTests() {
        Map<String, SortedSet<String>> found = new TreeMap<>();
        for (Path file : Production.sources("test")) {
            String name = file.getFileName().toString().replace(".java", "");
            if (name.matches(".*(Test|IT)")) {
                ADVISORY.matcher(Production.read(file))
                        .results()
                        .forEach(match -> found.computeIfAbsent(match.group(), _ -> new TreeSet<>())
                                .add(name));
            }
        }
        return found;
    }
}
