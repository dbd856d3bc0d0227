package dev.gantry.e2e.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.EndToEnd;
import dev.gantry.e2e.EngineConnection;
import dev.gantry.e2e.EverySetup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// `volume …`, `-v name:/path` and `--mount type=volume`.
@EverySetup
class VolumesIT extends EndToEnd {
    @AfterEach
    void removeAll() throws IOException {
        setup.daemon().removeContainers();
        for (String name : names()) {
            ok("volume", "rm", "-f", name);
        }
        assertThat(names()).isEmpty();
    }

    private List<String> names(String... options) throws IOException {
        String[] words = new String[options.length + 3];
        System.arraycopy(new String[] {"volume", "ls", "-q"}, 0, words, 0, 3);
        System.arraycopy(options, 0, words, 3, options.length);
        return ok(words).lines().toList();
    }

    private Path data(String volume) throws IOException {
        return Path.of(ok("volume", "inspect", "-f", "{{.Mountpoint}}", volume));
    }

    @Test
    void areMadeListedInspectedAndRemoved() throws IOException {
        assertThat(ok("volume", "create", "v2")).isEqualTo("v2");
        assertThat(ok("volume", "create", "--label", "a=b", "--label", "c", "v10"))
                .isEqualTo("v10");
        assertThat(ok("volume", "create", "v2")).isEqualTo("v2");
        assertThat(ok("volume", "ls")).isEqualTo("DRIVER    VOLUME NAME\nlocal     v2\nlocal     v10");
        assertThat(ok("volume", "ls", "--format", "{{.Name}} {{.Labels}} {{.Label \"a\"}}|{{.Links}}", "-f", "label=a"))
                // Docker's client shows labels in any order
                .isIn("v10 a=b,c= b|N/A", "v10 c=,a=b b|N/A");
        JsonNode both = json(ok("volume", "inspect", "v2", "v10"));
        assertThat(both.get(0).get("Labels").isNull()).isTrue();
        assertThat(both.get(1).toString())
                .contains("\"Driver\":\"local\"", "\"Labels\":{\"a\":\"b\",\"c\":\"\"}", "\"Scope\":\"local\"")
                .contains("\"Options\":null");
        assertThat(both.get(1).propertyNames())
                .containsExactlyInAnyOrder("CreatedAt", "Driver", "Labels", "Mountpoint", "Name", "Options", "Scope");
        assertThat(ok("volume", "rm", "v2")).isEqualTo("v2");
        assertThat(fails(1, "volume", "rm", "v2", "none"))
                .isEqualTo("Error response from daemon: get v2: no such volume\n"
                        + "Error response from daemon: get none: no such volume");
        assertThat(ok("volume", "rm", "-f", "v2")).isEqualTo("v2");
        assertThat(fails(1, "volume", "inspect", "v2")).endsWith("get v2: no such volume");
        assertThat(fails(1, "inspect", "--type", "volume", "v2")).endsWith("get v2: no such volume");
        assertThat(ok("inspect", "-f", "{{.Name}}", "v10")).isEqualTo("v10");
    }

    @Test
    void withoutANameGetOne() throws IOException {
        assertThat(ok("volume", "create")).matches("[0-9a-f]{64}");
        assertThat(fails(1, "volume", "create", "a b")).contains("includes invalid characters for a local volume name");
        assertThat(fails(1, "volume", "create", "a")).contains("volume name is too short");
        assertThat(fails(1, "volume", "create", "--driver", "none", "xx"))
                .endsWith("create xx: error looking up volume plugin none: plugin \"none\" not found");
        assertThat(fails(1, "volume", "create", "--name", "one", "one"))
                .isEqualTo("conflicting options: cannot specify a volume-name through both --name and as a positional"
                        + " arg");
    }

    @Test
    void outliveContainersAndAreSharedByThem() throws IOException {
        inside("echo kept > /a/file", "-v", "shared:/a");
        String reader = background("sleep 60", "-v", "shared:/b");
        assertThat(inside("cat /c/file; echo more >> /c/file", "--mount", "type=volume,src=shared,dst=/c"))
                .isEqualTo("kept");
        assertThat(ok("exec", reader, "cat", "/b/file")).isEqualTo("kept\nmore");
        assertThat(data("shared").resolve("file")).hasContent("kept\nmore\n");
    }

    @Test
    void beginWithWhatTheImageHas() throws IOException {
        // at the creation already, for whoever is first
        ok("create", "--name", newName(), "-v", "filled:/etc", IMAGE, "true");
        assertThat(inside("cat /x/passwd", "-v", "filled:/x")).contains("root:x:0:0");
        inside("rm /x/passwd; touch /x/mine", "-v", "filled:/x");
        assertThat(inside("ls /etc/passwd /etc/mine 2> /dev/null || true", "-v", "filled:/etc"))
                .isEqualTo("/etc/mine");
        assertThat(inside("ls /etc/passwd 2> /dev/null || echo empty", "-v", "bare:/etc:nocopy"))
                .isEqualTo("empty");
        assertThat(inside(
                        "ls /etc/passwd 2> /dev/null || echo empty",
                        "--mount",
                        "type=volume,src=bare2,dst=/etc,volume-nocopy"))
                .isEqualTo("empty");
        // one that is there and empty
        ok("volume", "create", "empty");
        assertThat(inside("stat -c %a:%u /tmp; ls /tmp", "-v", "empty:/tmp"))
                .isEqualTo(inside("stat -c %a:%u /tmp; ls /tmp"));
    }

    @Test
    void canBeReadOnlyForSome() throws IOException {
        String script = "touch /data/x 2> /dev/null && echo written || echo refused";
        assertThat(inside(script, "-v", "one:/data:ro")).isEqualTo("refused");
        assertThat(inside(script, "--mount", "type=volume,src=one,dst=/data,readonly"))
                .isEqualTo("refused");
        assertThat(inside(script, "-v", "one:/data")).isEqualTo("written");
    }

    @Test
    void areShownByInspect() throws IOException {
        String name = newName();
        ok(
                "create",
                "--name",
                name,
                "-v",
                "one:/a",
                "-v",
                "/b",
                "-v",
                "two:/c:ro",
                "--mount",
                "type=volume,src=three,dst=/d,volume-label=x=y",
                IMAGE,
                "true");
        assertThat(inspect(name).get("Mounts").valueStream().map(JsonNode::toString))
                .map(text -> text.replaceAll("[0-9a-f]{64}", "HEX").replaceAll("\"/[^\"]*/volumes/", "\"/volumes/"))
                .containsExactlyInAnyOrder(
                        mount("one", "/a", "z", true),
                        mount("HEX", "/b", "", true),
                        mount("two", "/c", "ro", false),
                        mount("three", "/d", "z", true));
        assertThat(ok("volume", "inspect", "-f", "{{json .Labels}}", "three")).isEqualTo("{\"x\":\"y\"}");
        assertThat(ok("ps", "-aq", "--filter", "volume=two", "--no-trunc"))
                .isEqualTo(inspect(name).get("Id").stringValue());
    }

    private static String mount(String name, String target, String mode, boolean writable) {
        return """
                {"Type":"volume","Name":"%s","Source":"/volumes/%s/_data","Destination":"%s","Driver":"local",\
                "Mode":"%s","RW":%s,"Propagation":""}""".formatted(name, name, target, mode, writable);
    }

    @Test
    void inUseAreNotRemoved() throws IOException {
        String name = newName();
        String id = ok("create", "--name", name, "-v", "used:/data", IMAGE, "true");
        String refused = "Error response from daemon: remove used: volume is in use - [" + id + "]";
        assertThat(fails(1, "volume", "rm", "used")).isEqualTo(refused);
        assertThat(fails(1, "volume", "rm", "-f", "used")).isEqualTo(refused);
        ok("rm", name);
        assertThat(ok("volume", "rm", "used")).isEqualTo("used");
    }

    @Test
    void thatNobodyHasNamedGoWithTheirContainerWhenAsked() throws IOException {
        inside("true", "-v", "named:/a", "-v", "/b", "--mount", "type=volume,dst=/c");
        assertThat(names()).containsExactly("named");

        String kept = newName();
        ok("create", "--name", kept, "-v", "named:/a", "-v", "/b", IMAGE, "true");
        Path left = Path.of(
                ok("inspect", "-f", "{{range .Mounts}}{{if eq .Destination \"/b\"}}{{.Source}}{{end}}{{end}}", kept));
        ok("rm", kept);
        assertThat(left).isDirectory();
        assertThat(names()).hasSize(2);

        String gone = newName();
        ok("create", "--name", gone, "-v", "named:/a", "-v", "/b", IMAGE, "true");
        assertThat(names()).hasSize(3);
        ok("rm", "-v", gone);
        assertThat(names()).hasSize(2).contains("named");
    }

    @Test
    void areFiltered() throws IOException {
        ok("volume", "create", "--label", "a=b", "one");
        ok("volume", "create", "two");
        ok("create", "--name", newName(), "-v", "two:/data", IMAGE, "true");
        assertThat(names("-f", "dangling=true")).containsExactly("one");
        assertThat(names("-f", "dangling=0")).containsExactly("two");
        assertThat(names("-f", "label=a=b")).containsExactly("one");
        assertThat(names("-f", "label=a=c")).isEmpty();
        assertThat(names("-f", "name=w")).containsExactly("two");
        assertThat(names("-f", "name=^o", "-f", "name=^t")).containsExactly("one", "two");
        assertThat(names("-f", "driver=local")).containsExactly("one", "two");
        assertThat(names("-f", "driver=other")).isEmpty();
        assertThat(fails(1, "volume", "ls", "-f", "colour=red")).containsIgnoringCase("invalid filter 'colour'");
        assertThat(fails(1, "volume", "ls", "-f", "dangling=x")).containsIgnoringCase("invalid filter 'dangling=[x]'");
    }

    @Test
    void arePruned() throws IOException {
        ok("volume", "create", "--label", "keep", "one");
        ok("create", "--name", newName(), "-v", "/data", IMAGE, "true");
        String name = newName();
        ok("create", "--name", name, "-v", "/data", IMAGE, "sh", "-c", "head -c 3000000 /dev/zero > /data/x");
        ok("start", "-a", name);
        String volume = inspect(name).at("/Mounts/0/Name").stringValue();
        ok("rm", name);

        // clients before 1.42 want those with names, too
        String pruned = ok("volume", "prune", "-f", "--filter", "label!=keep");
        assertThat(pruned).startsWith("Deleted Volumes:\n" + volume + "\n\nTotal reclaimed space: 3");
        assertThat(ok("volume", "prune", "-f", "--filter", "label=none")).isEqualTo("Total reclaimed space: 0B");
        assertThat(names()).hasSize(2).contains("one");
        assertThat(fails(1, "volume", "prune", "-f", "--filter", "until=1h")).containsIgnoringCase("invalid filter");
    }

    @Test
    void tellWhatHappensToThem() throws IOException {
        long since = System.currentTimeMillis() / 1000 - 1;
        ok("volume", "create", "told");
        inside("true", "-v", "told:/data:ro");
        ok("volume", "rm", "told");
        String events = ok(
                "events",
                "--since",
                Long.toString(since),
                "--until",
                Long.toString(System.currentTimeMillis() / 1000 + 1),
                "--filter",
                "volume=told",
                "--filter",
                "type=volume",
                "--format",
                "{{.Action}} {{index .Actor.Attributes \"driver\"}} {{index .Actor.Attributes \"destination\"}}"
                        + " {{index .Actor.Attributes \"read/write\"}}");
        // dockerd tells again of one that is there
        assertThat(events.lines().map(String::strip).distinct())
                .containsExactly("create local", "mount local /data false", "unmount local", "destroy local");
    }

    @Test
    void areMadeByRequestsOfAnyClient() throws IOException {
        try (EngineConnection connection = setup.daemon().connect()) {
            assertThat(connection.get("/v1.41/volumes").text()).contains("\"Warnings\":null");
            EngineConnection.Response made =
                    connection.request("POST", "/v1.41/volumes/create", "{\"Name\":\"plain\",\"Labels\":{}}");
            assertThat(made.status()).isEqualTo(201);
            assertThat(json(made.text()).get("Labels").isObject()).isTrue();
            assertThat(connection
                            .request("DELETE", "/v1.41/volumes/plain", null)
                            .status())
                    .isEqualTo(204);
            assertThat(connection
                            .request("DELETE", "/v1.41/volumes/plain?force=1", null)
                            .status())
                    .isEqualTo(204);
        }
    }

    @Test
    void areDirectoriesOfTheHostWhereAsked() throws IOException {
        Path host = Files.createTempDirectory("volume");
        try {
            ok("volume", "create", "-o", "type=none", "-o", "o=bind", "-o", "device=" + host, "bound");
            inside("echo in > /data/file", "-v", "bound:/data");
            assertThat(host.resolve("file")).hasContent("in\n");
            ok("volume", "rm", "bound");
            assertThat(host.resolve("file")).exists();
        } finally {
            Files.deleteIfExists(host.resolve("file"));
            Files.delete(host);
        }
    }
}
