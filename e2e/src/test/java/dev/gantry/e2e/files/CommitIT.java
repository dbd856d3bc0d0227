package dev.gantry.e2e.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.EndToEnd;
import dev.gantry.e2e.EverySetup;
import dev.gantry.e2e.Waiting;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// `commit`: a container becomes an image.
@EverySetup
class CommitIT extends EndToEnd {
    private String ended(String image, String script, String... options) throws IOException {
        String container = newName();
        String[] words = new String[options.length + 7];
        System.arraycopy(new String[] {"run", "--name", container}, 0, words, 0, 3);
        System.arraycopy(options, 0, words, 3, options.length);
        System.arraycopy(new String[] {image, "sh", "-c", script}, 0, words, options.length + 3, 4);
        ok(words);
        return container;
    }

    @Test
    void keepsEveryKindOfFile() throws IOException {
        String container = ended(
                IMAGE,
                "mkdir -p /f/empty; cd /f; echo a > a; ln a b; ln -s a l; mkfifo p; mknod d c 1 3; chmod 4751 a;"
                        + " chown 5:6 l p; rm /bin/vi; rm -r /var; mkdir /var; echo > /var/new;"
                        + " dd if=/dev/zero of=sparse bs=1 count=1 seek=20000000 2> /dev/null");
        ok("commit", container, "kinds");
        String script =
                "cd /f; stat -c '%n %F %a %u:%g %h %t,%T %s' a b l p d sparse empty; ls /bin/vi /var 2>&1 || true";
        assertThat(ok("run", "--rm", "kinds", "sh", "-c", script).replaceAll("(directory.*) \\d+", "$1"))
                .isEqualTo("""
                        a regular file 751 5:6 2 0,0 2
                        b regular file 751 5:6 2 0,0 2
                        l symbolic link 777 0:0 1 0,0 1
                        p fifo 644 5:6 1 0,0 0
                        d character special file 644 0:0 1 1,3 0
                        sparse regular file 644 0:0 1 0,0 20000001
                        empty directory 755 0:0 2 0,0
                        ls: /bin/vi: No such file or directory
                        /var:
                        new""");
        ok("rm", container);
        ok("rmi", "kinds");
    }

    @Test
    void takesTheConfigurationWithItsChanges() throws IOException {
        String container = ended(IMAGE, "true", "-e", "KEPT=1", "-w", "/tmp", "-l", "kept=1");
        String id = ok(
                "commit",
                "-a",
                "somebody",
                "-m",
                "a message",
                "-c",
                "ENV A=b",
                "-c",
                "CMD [\"echo\", \"by default\"]",
                "-c",
                "LABEL l=m",
                "-c",
                "EXPOSE 80",
                "-c",
                "USER nobody",
                container,
                "configured:v1");
        assertThat(id).startsWith("sha256:");
        JsonNode image = api("/images/configured:v1/json");
        assertThat(image.at("/Id").asString()).isEqualTo(id);
        assertThat(image.at("/Author").asString()).isEqualTo("somebody");
        assertThat(image.at("/Comment").asString()).isEqualTo("a message");
        assertThat(image.at("/Config/Env").toString()).contains("KEPT=1").contains("A=b");
        assertThat(image.at("/Config/WorkingDir").asString()).isEqualTo("/tmp");
        assertThat(image.at("/Config/User").asString()).isEqualTo("nobody");
        assertThat(image.at("/Config/Labels").toString())
                .contains("\"kept\":\"1\"")
                .contains("\"l\":\"m\"");
        assertThat(image.at("/Config/ExposedPorts").has("80/tcp")).isTrue();
        assertThat(ok("run", "--rm", "configured:v1")).isEqualTo("by default");
        assertThat(ok("history", "--format", "{{.Comment}}", "configured:v1")).startsWith("a message");
        assertThat(fails(1, "commit", "-c", "RUN true", container))

                // dockerd 20.10 has read it in lower case
                .contains((setup.onGantry() ? "RUN" : "run") + " is not a valid change command");
        ok("rm", container);
        ok("rmi", "configured:v1");
    }

    @Test
    void buildsImagesOnImages() throws IOException {
        String one = ended(IMAGE, "echo 1 > /one");
        ok("commit", one, "first");
        String two = ended("first", "echo 2 > /two; rm /one");
        ok("commit", two, "second");
        assertThat(ok("run", "--rm", "second", "sh", "-c", "cat /two; ls /one 2>&1 || true"))
                .isEqualTo("2\nls: /one: No such file or directory");
        JsonNode first = api("/images/first/json");
        JsonNode second = api("/images/second/json");
        assertThat(second.at("/Parent").asString()).isEqualTo(first.at("/Id").asString());
        assertThat(second.at("/RootFS/Layers").size())
                .isEqualTo(first.at("/RootFS/Layers").size() + 1);
        assertThat(fails(1, "rmi", "first")).contains("conflict");
        ok("rm", one, two);
        ok("rmi", "second", "first");
    }

    @Test
    void makesNoLayerOfNothing() throws IOException {
        String container = newName();
        ok("create", "--name", container, IMAGE, "true");
        ok("commit", container, "same");
        assertThat(api("/images/same/json").at("/RootFS/Layers").size())
                .isEqualTo(
                        api("/images/" + IMAGE + "/json").at("/RootFS/Layers").size());
        ok("rm", container);
        ok("rmi", "same");
    }

    @Test
    void leavesARunningContainerRunning() throws IOException {
        String container = background("echo > /f; touch /ready; sleep 1000");
        Waiting.until(() -> call("exec", container, "ls", "/ready").exit() == 0, () -> "the container does nothing");
        ok("commit", container, "paused");
        ok("commit", "--pause=false", container, "running");
        assertThat(status(container)).isEqualTo("running");
        ok("pause", container);
        ok("commit", container, "frozen");
        assertThat(status(container)).isEqualTo("paused");
        ok("unpause", container);
        for (String image : new String[] {"paused", "running", "frozen"}) {
            assertThat(ok("run", "--rm", image, "ls", "/f")).isEqualTo("/f");
            ok("rmi", image);
        }
    }
}
