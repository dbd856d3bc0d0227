package dev.gantry.e2e.images;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.BusyboxImage;
import dev.gantry.e2e.EndToEnd;
import dev.gantry.e2e.Result;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/// What tests of image commands have in common: images that carry a label of the test's own, by which they are found
/// among other tests' and removed after each test.
abstract class OwnImages extends EndToEnd {
    private final String label;

    /// @param label also the repository's name, or what it begins with
    OwnImages(String label) {
        this.label = label;
    }

    /// The filter that finds them.
    final String own() {
        return "label=" + label;
    }

    @AfterEach
    void removeThem() throws IOException {
        setup.daemon().removeContainers();
        // children may come after their parents
        for (int round = 0; round < 2; round++) {
            Result _ = setup.client()
                    .script("$client images -aq --filter " + own() + " | sort -u | xargs -r -n 1 $client rmi -f");
        }
        assertThat(ok("images", "-aq", "-f", own())).isEmpty();
    }

    /// Imports busybox under this name, with these changes; gives its ID.
    final String imported(String name, String... changes) throws IOException {
        return importedFrom(BusyboxImage.tar(), name, changes);
    }

    /// Imports an archive under this name, with these changes; gives its ID.
    final String importedFrom(InputStream tar, String name, String... changes) throws IOException {
        List<String> words = new ArrayList<>(List.of("import", "-c", "LABEL " + label + "=x"));
        for (String change : changes) {
            words.addAll(List.of("-c", change));
        }
        words.addAll(List.of("-", name));
        Result result = setup.client().callWithInput(tar, words.toArray(String[]::new));
        assertThat(result.exit()).as(result::toString).isZero();
        return result.out().strip();
    }

    /// An ID as lists show it.
    static String shortened(String id) {
        return id.substring("sha256:".length(), "sha256:".length() + 12);
    }

    /// The lines that a command prints, which must succeed.
    final List<String> lines(String... words) throws IOException {
        return ok(words).lines().toList();
    }
}
