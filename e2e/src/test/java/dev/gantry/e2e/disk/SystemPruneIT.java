package dev.gantry.e2e.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.BusyboxImage;
import dev.gantry.e2e.ClientKind;
import dev.gantry.e2e.Command;
import dev.gantry.e2e.EndToEnd;
import dev.gantry.e2e.EverySetup;
import dev.gantry.e2e.Result;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// `container prune`, `image prune` and `system prune`: what goes, what they say, and what they have said before.
@EverySetup
class SystemPruneIT extends EndToEnd {
    private static final Pattern RECLAIMED = Pattern.compile("reclaimed(?: space)?: (.*)");

    private String keeper;

    /// Keeps the image of all tests.
    @BeforeEach
    void useTheImage() throws IOException {
        keeper = background("sleep 1000");
    }

    @AfterEach
    void removeVolumes() throws IOException {
        setup.daemon().removeContainers();
        for (String name : ok("volume", "ls", "-q").lines().toList()) {
            ok("volume", "rm", name);
        }
    }

    private String imports(String name, Map<String, byte[]> files) throws IOException {
        Result imported = setup.client().callWithInput(BusyboxImage.tar(files), "import", "-", name);
        assertThat(imported.exit()).as(imported::toString).isZero();
        return imported.out().strip();
    }

    private String stopped(String image, String... options) throws IOException {
        String name = newName();
        ok(Stream.of(
                        Stream.of("run", "--name", name),
                        Stream.of(options),
                        Stream.of(image, "sh", "-c", "head -c 500000 /dev/zero > /x"))
                .flatMap(each -> each)
                .toArray(String[]::new));
        return inspect(name).get("Id").stringValue();
    }

    private static String reclaimed(String output) {
        Matcher matcher = RECLAIMED.matcher(output);
        assertThat(matcher.find()).as(output).isTrue();
        return matcher.group(1);
    }

    @Test
    void takesWhatNobodyUses() throws IOException {
        String dangling = imports("prune-me", Map.of("one", new byte[100_000]));
        imports("prune-me", Map.of("two", new byte[100_000]));
        String gone = stopped(IMAGE, "-v", "/data", "-v", "named:/named");

        String output = ok("system", "prune", "-f");
        assertThat(output)
                .contains("Deleted Containers:\n" + gone + "\n\nDeleted Images:\n")
                .contains("\ndeleted: " + dangling + "\n")
                .doesNotContain("Volumes", "Networks", "build cache");
        assertThat(reclaimed(output)).doesNotStartWith("0B");
        assertThat(ok("ps", "-aq", "--no-trunc"))
                .isEqualTo(inspect(keeper).get("Id").stringValue());
        assertThat(ok("images", "-q", "prune-me").lines()).hasSize(1);

        String volumes = ok("system", "prune", "-f", "-a", "--volumes");
        assertThat(volumes).contains("Deleted Volumes:\n").contains("untagged: prune-me:latest\n");
        assertThat(ok("images", "--format", "{{.Repository}}")).isEqualTo(IMAGE);
        assertThat(ok("system", "prune", "-f", "-a")).isEqualTo("Total reclaimed space: 0B");
    }

    @Test
    void takesWhatTheFiltersWant() throws IOException {
        String with = stopped(IMAGE, "--label", "go");
        String without = stopped(IMAGE);
        assertThat(ok("system", "prune", "-f", "--filter", "label=go"))
                .contains(with)
                .doesNotContain(without);
        assertThat(ok("system", "prune", "-f", "--filter", "until=1h")).isEqualTo("Total reclaimed space: 0B");
        assertThat(fails(1, "system", "prune", "-f", "--filter", "until=1h", "--volumes"))
                .isEqualTo("ERROR: The \"until\" filter is not supported with \"--volumes\"");
        assertThat(ok("container", "prune", "-f", "--filter", "label!=go"))
                .startsWith("Deleted Containers:\n" + without + "\n\nTotal reclaimed space: ");
        assertThat(ok("container", "prune", "-f")).isEqualTo("Total reclaimed space: 0B");
        assertThat(fails(1, "image", "prune", "-f", "--filter", "reference=x")).containsIgnoringCase("invalid filter");
    }

    @Test
    void asksFirst() throws IOException {
        stopped(IMAGE);
        assertThat(declined("container", "prune")).isEqualTo("""
                WARNING! This will remove all stopped containers.
                Are you sure you want to continue? [y/N]""");
        assertThat(declined("image", "prune")).isEqualTo("""
                WARNING! This will remove all dangling images.
                Are you sure you want to continue? [y/N]""");
        assertThat(declined("image", "prune", "-a")).isEqualTo("""
                WARNING! This will remove all images without at least one container associated to them.
                Are you sure you want to continue? [y/N]""");
        assertThat(declined("system", "prune")).isEqualTo("""
                WARNING! This will remove:
                  - all stopped containers
                  - all networks not used by at least one container
                  - all dangling images
                  - unused build cache

                Are you sure you want to continue? [y/N]""");
        assertThat(declined("system", "prune", "-a", "--volumes", "--filter", "label=b", "--filter", "label!=a"))
                .isEqualTo("""
                WARNING! This will remove:
                  - all stopped containers
                  - all networks not used by at least one container
                  - all anonymous volumes not used by at least one container
                  - all images without at least one container associated to them
                  - all build cache

                  Items to be pruned will be filtered with:
                  - label!=a
                  - label=b

                Are you sure you want to continue? [y/N]""");
        assertThat(ok("ps", "-aq").lines()).hasSize(2);
    }

    private String declined(String... words) throws IOException {
        Result result = setup.client().callWithInput(bytes("n\n"), words);
        assertThat(result.exit()).as(result::toString).isZero();
        assertThat(result.err()).isEmpty();
        return result.out().strip();
    }

    /// Of each kind something that goes and something that stays, of the images with shared and removed ones.
    private void makeAMess() throws IOException {
        byte[] noise = new byte[300_000];
        imports("mess-a", Map.of("shared", noise));
        Result second = setup.client()
                .callWithInput(BusyboxImage.tar(Map.of("shared", noise)), "import", "-c", "ENV A=b", "-", "mess-b");
        assertThat(second.exit()).isZero();
        ok("tag", "mess-b", "mess-b:again");
        imports("mess-c", Map.of("own", noise));
        imports("mess-c", Map.of("other", noise));
        imports("mess-removed", Map.of("removed", noise));
        stopped("mess-removed", "-v", "mess-named:/n");
        stopped("mess-a", "-v", "/anonymous", "--label", "mess");
        ok("rmi", "-f", "mess-removed");
    }

    /// What a dry run says is what then happens, by name and by bytes.
    @Test
    void doesWhatItHasSaidBefore() throws IOException {
        if (!setup.onGantry()) {
            return; // dockerd 20.10 and its clients know no dry run
        }
        for (String query : List.of("", "?all=1", "?all=1&volumes=1")) {
            makeAMess();
            JsonNode preview = api("/gantry/system/prune" + query);
            assertThat(api("/gantry/system/prune" + query).get("SpaceReclaimed"))
                    .isEqualTo(preview.get("SpaceReclaimed"));
            long before = du();
            String output = prune(query);
            assertThat(before - du())
                    .as(query)
                    .isEqualTo(preview.get("SpaceReclaimed").asLong());
            for (JsonNode item : preview.get("Items")) {
                assertThat(output).as(query).contains(item.get("Id").stringValue());
            }
            // layers are a part of what their image frees
            assertThat(output.lines().filter(line -> line.matches("(deleted: sha256:)?[0-9a-f]{64}")))
                    .hasSizeGreaterThanOrEqualTo(preview.get("Items").size());
            assertThat(api("/gantry/system/prune" + query).get("Items")).isEmpty();
            String _ = prune("?all=1&volumes=1");
            ok("volume", "rm", "mess-named");
        }
    }

    private String prune(String query) throws IOException {
        String[] words = Stream.of(
                        "system",
                        "prune",
                        "-f",
                        query.contains("all") ? "-a" : "",
                        query.contains("volumes") ? "--volumes" : "")
                .filter(word -> !word.isEmpty())
                .toArray(String[]::new);
        return ok(words);
    }

    private long du() throws IOException {
        String data = setup.daemon().directory().resolve("data").toString();
        Result du = Command.run(List.of("du", "-s", "-B1", data), Map.of());
        return Long.parseLong(du.out().substring(0, du.out().indexOf('\t')));
    }

    @Test
    void explainsItself() throws IOException {
        if (setup.client().kind() != ClientKind.GANTRY || !setup.onGantry()) {
            return; // the stock client has no such flag
        }
        makeAMess();
        String text = ok("system", "prune", "--dry-run", "-a", "--volumes");
        assertThat(text)
                .containsPattern("(?m)^TYPE +ID +NAME +FREES +REASON$")
                .containsPattern("(?m)^container +[0-9a-f]{12} +e2e-\\d+ +\\S+ +does not run: Exited \\(0\\) .* ago$")
                .containsPattern(
                        "(?m)^volume +[0-9a-f]{12} +[0-9a-f]{12} +\\S+ +has no name, and no container uses it$")
                .containsPattern("(?m)^image +[0-9a-f]{12} +<none> +\\S+ +has no tag, and no container uses it$")
                .containsPattern("(?m)^image +[0-9a-f]{12} +mess-b:again, mess-b:latest +\\S+ +no container uses it$")
                .doesNotContain("mess-named", "network", IMAGE);
        assertThat(ok("ps", "-aq").lines()).hasSize(3);
        String pruned = ok("system", "prune", "-f", "-a", "--volumes");
        assertThat(reclaimed(pruned)).isEqualTo(reclaimed(text));
        assertThat(ok("system", "prune", "--dry-run", "-a", "--volumes")).isEqualTo("nothing would be removed");
    }
}
