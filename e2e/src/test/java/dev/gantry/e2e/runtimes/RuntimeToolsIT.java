package dev.gantry.e2e.runtimes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gantry.e2e.Cgroups;
import dev.gantry.e2e.Command;
import dev.gantry.e2e.Repository;
import dev.gantry.e2e.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The runtime specification's own validation suite says of Gantry what docs/conformance.md says that it does. Of its
/// 58
/// tests here run some that are quick and ask for nothing of the host; `-De2e.validation=all` has all of them run.
@Timeout(3600)
class RuntimeToolsIT {
    private static final List<String> QUICK = List.of(
            "default",
            "delete_resources",
            "hostname",
            "linux_devices",
            "linux_masked_paths",
            "linux_ns_path_type",
            "linux_readonly_paths",
            "linux_seccomp",
            "process_user",
            "start",
            "state");

    private static final Path SCRIPT = Repository.root().resolve("scripts/runtime-tools");

    @Test
    void givesTheResultsOfTheDocument() throws IOException {
        Path suite = Path.of(System.getenv()
                .getOrDefault(
                        "RUNTIME_TOOLS",
                        Repository.root().resolve("target/runtime-tools").toString()));
        assumeTrue(
                Files.exists(suite.resolve("built")),
                "beside: the validation suite is not built, which scripts/runtime-tools build does");
        assumeTrue(
                !Cgroups.unified(), "host: the document is of a host with cgroup version 1, as the suite's tests are");
        Map<String, String> documented = documented();
        assertThat(documented).hasSize(58);
        List<String> tests =
                "all".equals(System.getProperty("e2e.validation")) ? List.copyOf(documented.keySet()) : QUICK;

        for (String test : tests) {
            List<String> words = new ArrayList<>(List.of(SCRIPT.toString(), "run"));
            words.add(Repository.root().resolve("gantry-runtime").toString());
            words.add(test);
            try (Command command = Command.start(
                    words, Map.of("GANTRY_JAVA_HOME", System.getProperty("java.home"), "GANTRY_NO_BUILD", "1"))) {
                Result result = command.await(Duration.ofMinutes(10));
                assertThat(result.out().strip()).as(result::toString).isEqualTo(test + " " + documented.get(test));
            }
        }
    }

    /// What the document says of Gantry: how many points of each test are ok and not ok.
    private static Map<String, String> documented() throws IOException {
        return Files.readAllLines(Repository.root().resolve("docs/conformance.md")).stream()
                .dropWhile(line -> !line.startsWith("<!-- runtime-tools"))
                .takeWhile(line -> !line.equals("<!-- end -->"))
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("\\|", -1))
                .collect(Collectors.toMap(cells -> cells[1].strip().replace("`", ""), cells -> cells[3].strip()));
    }
}
