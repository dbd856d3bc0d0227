package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// `ps`: which containers it shows, and how.
@EverySetup
class ListIT extends EndToEnd {
    private static final String NAMES = "{{.Names}}";

    @Test
    void showsWhatRunsAndOnRequestEverything() throws IOException {
        String ended = exited("true");
        String running = background("sleep 60");
        assertThat(names()).containsExactly(running);
        assertThat(names("-a")).containsExactly(running, ended);
        assertThat(names("-l")).containsExactly(running);
        assertThat(names("-n", "2")).containsExactly(running, ended);
        assertThat(names("-n", "1")).containsExactly(running);
    }

    @Test
    void showsATable() throws IOException {
        String running = background("sleep 60");
        String id = inspect(running).at("/Id").asString();
        List<String> lines = ok("ps").lines().toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst()).matches("CONTAINER ID +IMAGE +COMMAND +CREATED +STATUS +PORTS +NAMES");
        assertThat(lines.getLast())
                .startsWith(id.substring(0, 12) + " ")
                .contains("busybox", "\"sh -c 'sleep 60'\"", " ago ", " Up ")
                .endsWith(running);
    }

    @Test
    void showsIdsOnly() throws IOException {
        String id = inspect(background("sleep 60")).at("/Id").asString();
        assertThat(ok("ps", "-q")).isEqualTo(id.substring(0, 12));
        assertThat(ok("ps", "-q", "--no-trunc")).isEqualTo(id);
    }

    @Test
    void showsLongCommandsWholeOnRequest() throws IOException {
        background("sleep 60; echo a long command");
        assertThat(ok("ps", "--format", "{{.Command}}")).isEqualTo("\"sh -c 'sleep 60; ec…\"");
        assertThat(ok("ps", "--no-trunc", "--format", "{{.Command}}"))
                .isEqualTo("\"sh -c 'sleep 60; echo a long command'\"");
    }

    @Test
    void showsSizes() throws IOException {
        String name = exited("head -c 2000000 /dev/zero > /file");
        assertThat(ok("ps", "-a", "-s", "--format", "{{.Size}}")).matches("2MB \\(virtual [34]\\.\\d+MB\\)");
        assertThat(ok("inspect", "-s", "-f", "{{.SizeRw}}", name)).isEqualTo("2000000");
    }

    @Test
    void filtersByStateAndExitCode() throws IOException {
        String created = newName();
        ok("create", "--name", created, IMAGE, "true");
        String ended = exited("exit 3");
        String running = background("sleep 60");
        String paused = background("sleep 60");
        ok("pause", paused);
        assertThat(names("-f", "status=created")).containsExactly(created);
        assertThat(names("-f", "status=exited")).containsExactly(ended);
        assertThat(names("-f", "status=paused", "-f", "status=running")).containsExactly(paused, running);
        assertThat(names("-a", "-f", "exited=3")).containsExactly(ended);
        assertThat(names("-a", "-f", "exited=0")).isEmpty();
        assertThat(fails(1, "ps", "-f", "status=nonsense")).containsIgnoringCase("status");
        assertThat(fails(1, "ps", "-f", "nonsense=1")).containsIgnoringCase("invalid filter 'nonsense");
    }

    @Test
    void filtersByNameIdLabelAndImage() throws IOException {
        String one = background("sleep 60", "-l", "color=red", "-l", "both");
        String two = background("sleep 60", "-l", "color=blue", "-l", "both", "-v", "/var/opt:/data");
        String id = inspect(one).at("/Id").asString();
        assertThat(names("-f", "name=" + one)).contains(one).doesNotContain(two);
        assertThat(names("-f", "name=^/" + two + "$")).containsExactly(two);
        assertThat(names("-f", "id=" + id.substring(0, 8))).containsExactly(one);
        assertThat(names("-f", "label=color=blue")).containsExactly(two);
        assertThat(names("-f", "label=both", "-f", "label=color=red")).containsExactly(one);
        assertThat(names("-f", "ancestor=busybox")).containsExactly(two, one);
        assertThat(names("-f", "ancestor=other")).isEmpty();
        assertThat(names("-f", "volume=/data")).containsExactly(two);
        assertThat(names("-a", "-f", "before=" + two)).containsExactly(one);
        assertThat(names("-a", "-f", "since=" + one)).containsExactly(two);
    }

    @Test
    void printsByATemplate() throws IOException {
        String name = background("sleep 60", "-l", "color=red");
        assertThat(ok("ps", "--format", "{{.Image}}/{{.State}}/{{.Label \"color\"}}/{{upper .Names}}"))
                .isEqualTo("busybox/running/red/" + name.toUpperCase(java.util.Locale.ROOT));
        List<String> table =
                ok("ps", "--format", "table {{.Names}}\t{{.Labels}}").lines().toList();
        assertThat(table.getFirst()).matches("NAMES +LABELS");
        assertThat(table.getLast()).matches(name + " +color=red");
        assertThat(json(ok("ps", "--format", "json")).at("/Names").asString()).isEqualTo(name);
        String problem = "template: :1:2: executing \"\" at <.Nope>: can't evaluate field Nope in type ";
        assertThat(fails(1, "ps", "--format", "{{.Nope}}"))
                .isEqualTo("failed to execute template: " + problem + "*formatter.ContainerContext");
        assertThat(fails(1, "ps", "--format", "{{"))
                .isEqualTo("failed to parse template: template: :1: unclosed action");
        assertThat(fails(1, "images", "--format", "{{.Nope}}"))
                .isEqualTo("template parsing error: " + problem + "*formatter.imageContext");
    }

    private String exited(String script) throws IOException {
        String name = background(script);
        ok("wait", name);
        return name;
    }

    private List<String> names(String... options) throws IOException {
        String[] words = new String[options.length + 3];
        words[0] = "ps";
        words[1] = "--format";
        words[2] = NAMES;
        System.arraycopy(options, 0, words, 3, options.length);
        return ok(words).lines().toList();
    }
}
