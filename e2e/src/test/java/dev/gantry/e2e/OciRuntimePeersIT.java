package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `gantry runtime` beside runc: one bundle, the same commands, the same exit codes, states and reasons.
class OciRuntimePeersIT {
    private static final String ID = "oci-peers-it";
    private static final Path RUNC = Path.of("/usr/sbin/runc");

    /// What both say, of an error whose words begin differently.
    private static final List<String> REASONS = List.of(
            "does not exist",
            "already exists",
            "already running",
            "has stopped",
            "not stopped: running",
            "container not running",
            "container not paused",
            "in a stopped container",
            "in a paused container",
            "invalid container id format",
            "invalid format option",
            "unknown signal",
            "process args cannot be empty",
            "executable file not found in $path",
            "permission denied",
            "no such file or directory",
            "not defined: -nothing");

    private OciBundle bundle;

    @BeforeEach
    void makeABundle() throws IOException {
        assumeTrue(Files.isExecutable(RUNC), "host: runc is not installed");
        bundle = OciBundle.create();
        bundle.command("sleep", "1000");
    }

    @AfterEach
    void leaveNothing() throws IOException {
        if (bundle == null) {
            return;
        }
        try (OciBundle made = bundle) {
            for (OciBundle.Peer each : List.of(OciBundle.gantry(made), OciBundle.runc(made))) {
                assertThat(each.run("delete", "--force", ID).exit()).isZero();
            }
        }
    }

    /// What can be compared of a command.
    private static final class Transcript {
        private final OciBundle.Peer runtime;
        private final List<String> lines = new ArrayList<>();

        Transcript(OciBundle.Peer runtime) {
            this.runtime = runtime;
        }

        Transcript run(String... arguments) throws IOException {
            return run(_ -> "", arguments);
        }

        /// @param seen what is compared of the output
        Transcript run(Function<String, String> seen, String... arguments) throws IOException {
            Result result = runtime.run(arguments);
            String err = result.err().toLowerCase(Locale.ROOT);
            List<String> reasons = REASONS.stream().filter(err::contains).toList();
            String output = result.exit() == 0 ? seen.apply(result.out()) : "";
            lines.add("%s: %d %s %s".formatted(String.join(" ", arguments), result.exit(), reasons, output));
            return this;
        }

        /// The container's state as the specification has it, without what is this container's alone.
        Transcript state() throws IOException {
            return run(
                    out -> {
                        JsonNode state = new JsonMapper().readTree(out);
                        return "%s %s %s %s"
                                .formatted(
                                        state.get("id"),
                                        state.get("status"),
                                        state.get("bundle"),
                                        state.get("pid").asInt() > 0 ? "a process" : "no process");
                    },
                    "state",
                    ID);
        }

        Transcript await(String status) {
            runtime.awaitStatus(ID, status);
            return this;
        }
    }

    private interface Script {
        Transcript with(Transcript transcript) throws IOException;
    }

    private void same(Script script) throws IOException {
        List<String> runc = script.with(new Transcript(OciBundle.runc(bundle))).lines;
        List<String> gantry = script.with(new Transcript(OciBundle.gantry(bundle))).lines;

        assertThat(gantry).isEqualTo(runc).hasSizeGreaterThan(3);
    }

    private String path() {
        return bundle.path().toString();
    }

    @Test
    void goThroughTheSameStates() throws IOException {
        same(each -> each.run("create", "--bundle", path(), ID)
                .state()
                .run("start", ID)
                .await("running")
                .state()
                .run("pause", ID)
                .state()
                .run("resume", ID)
                .state()
                .run("kill", ID, "KILL")
                .await("stopped")
                .state()
                .run("delete", ID)
                .state());
    }

    @Test
    void refuseWhatAStateForbids() throws IOException {
        same(each -> each.run("create", "--bundle", path(), ID)
                .run("create", "--bundle", path(), ID)
                .run("resume", ID)
                .run("start", ID)
                .await("running")
                .run("start", ID)
                .run("create", "--bundle", path(), ID)
                .run("delete", ID)
                .run("resume", ID)
                .run("pause", ID)
                .run("pause", ID)
                .run("exec", ID, "true")
                .run("kill", ID, "KILL")
                .await("stopped")
                .run("start", ID)
                .run("exec", ID, "true")
                .run("pause", ID)
                .run("resume", ID)
                .run("kill", ID)
                .run("kill", "--all", ID)
                .run("update", "--pids-limit", "3", ID)
                .run(String::strip, "ps", "--format", "json", ID)
                .run("delete", ID)
                .run("delete", ID));
    }

    @Test
    void refuseAContainerThatIsNotThere() throws IOException {
        same(each -> each.run("state", ID)
                .run("start", ID)
                .run("kill", ID)
                .run("delete", ID)
                .run("delete", "--force", ID)
                .run("exec", ID, "true")
                .run("pause", ID)
                .run("resume", ID)
                .run("ps", ID)
                .run("events", "--interval", "1.5s", ID)
                .run("update", "--pids-limit", "3", ID)
                .run(String::strip, "list", "--format", "json")
                .run(String::strip, "list", "--quiet"));
    }

    @Test
    void refuseTheSameUses() throws IOException {
        same(each -> each.run("create")
                .run("create", "--bundle", path(), ID, "another")
                .run("create", "--bundle", "/no/bundle", ID)
                .run("create", "--bundle", path(), "not/an/id")
                .run("delete", "--force", "../bundle")
                .run("delete", "--force", "../nothing")
                .run("create", "--nothing", ID)
                .run("nothing")
                .run("list", "--format", "nothing")
                .run("features", "nothing")
                .run("spec", "--bundle", path())
                .run("state")
                .run("state", ID, "--nothing"));
    }

    @Test
    void takeFlagsAfterTheContainer() throws IOException {
        same(each -> each.run("create", ID, "--bundle", path())
                .run("start", ID)
                .await("running")
                .run("update", ID, "--pids-limit", "-1")
                .run("events", ID, "--stats")
                .run("ps", ID, "--format", "json")
                .run(Function.identity(), "exec", ID, "ls", "-d", "/etc")
                .run("kill", ID, "KILL", "--all")
                .await("stopped")
                .run("delete", ID, "-f")
                .run("state", ID));
    }

    @Test
    void executeTheSame() throws IOException {
        same(each -> each.run("create", "--bundle", path(), ID)
                .run(Function.identity(), "exec", ID, "cat", "/proc/1/status", "/no/file")
                .run("start", ID)
                .await("running")
                .run(Function.identity(), "exec", ID, "sh", "-c", "id; pwd; env | sort; hostname")
                .run(Function.identity(), "exec", "--user", "5:6", "--cwd", "/tmp", ID, "sh", "-c", "id; pwd")
                .run(Function.identity(), "exec", "--cap", "CAP_CHOWN", ID, "grep", "CapE", "/proc/self/status")
                .run("exec", ID, "sh", "-c", "exit 9")
                .run("exec", ID, "sh", "-c", "kill -9 $$")
                .run("exec", ID, "no-such-command")
                .run("exec", ID, "/etc/passwd")
                .run("exec", ID)
                .run("exec", "--cwd", "/no/directory", ID, "true")
                .run("exec", "--user", "name", ID, "true")
                .run("kill", ID, "0")
                .run("kill", ID, "NOTHING")
                .run("delete", "--force", ID));
    }

    @Test
    void executeWithTheSameGroups() throws IOException {
        bundle.configure(each -> ((ObjectNode) each.get("process").get("user"))
                .putArray("additionalGids")
                .add(5)
                .add(6));

        same(each -> each.run("run", "--detach", "--bundle", path(), ID)
                .run(Function.identity(), "exec", ID, "id")
                .run(Function.identity(), "exec", "--user", "1", ID, "id")
                .run(Function.identity(), "exec", "--user", "1:2", "-g", "9", "-g", "10", ID, "id")
                .run(Function.identity(), "exec", "--additional-gids", "9", ID, "id")
                .run("delete", "--force", ID));
    }

    @Test
    void runToTheSameEnds() throws IOException {
        for (String command : List.of("exit 7", "kill -9 $$", "echo out; echo err >&2")) {
            bundle.command("sh", "-c", command);
            same(each -> each.run(Function.identity(), "run", "--bundle", path(), ID)
                    .state()
                    .run("run", "--keep", "--bundle", path(), ID)
                    .run("delete", ID)
                    .run(String::strip, "list", "--quiet"));
        }
    }

    /// The specification has it that they are ignored with a warning.
    @Test
    void leaveOutCapabilitiesThatNobodyKnows() throws IOException {
        bundle.command("grep", "Cap", "/proc/self/status");
        bundle.configure(each -> {
            ObjectNode sets = ((ObjectNode) each.get("process")).putObject("capabilities");
            for (String set : List.of("bounding", "effective", "permitted", "ambient")) {
                sets.putArray(set).add("CAP_KILL").add("CAP_NO_SUCH_THING");
            }
            sets.putArray("inheritable");
        });

        same(each -> each.run(Function.identity(), "run", "--bundle", path(), ID)
                .run(Function.identity(), "run", "--keep", "--bundle", path(), ID)
                .run("delete", ID)
                .run("list"));

        Result result = OciBundle.gantry(bundle).run("--debug", "run", "--bundle", path(), ID);
        assertThat(result.err())
                .contains("unknown or unavailable capabilities: [CAP_NO_SUCH_THING]")
                .contains("ambient capabilities that are not inheritable and permitted: [CAP_KILL]");
        assertThat(result.out()).contains("CapEff:\t0000000000000020");
    }

    @Test
    void setTheSameHome() throws IOException {
        bundle.command("sh", "-c", "env | sort; exec sleep 1000");
        Files.writeString(bundle.path().resolve("rootfs/etc/passwd"), """
                root:x:0:0:root:/root:/bin/sh
                one:x:1:1::/home/one:/bin/sh
                other:x:1:1::/home/other:/bin/sh
                nowhere:x:2:2:::
                """);
        List<String> words = List.of("sh", "-c", "env | sort");

        same(each -> {
            each.run("run", "--detach", "--bundle", path(), ID);
            for (String user : List.of("0", "1", "2", "3")) {
                each.run(Function.identity(), exec(List.of("--user", user), words));
            }
            return each.run(Function.identity(), exec(List.of("--env", "HOME=/given"), words))
                    .run(Function.identity(), exec(List.of("--env", "HOME="), words))
                    .run("delete", "--force", ID);
        });
    }

    private static String[] exec(List<String> flags, List<String> words) {
        List<String> all = new ArrayList<>(List.of("exec"));
        all.addAll(flags);
        all.add(ID);
        all.addAll(words);
        return all.toArray(String[]::new);
    }

    @Test
    void findTheHomeInWhatIsMounted() throws IOException {
        Path bound = Files.writeString(bundle.beside("passwd"), "root:x:0:0:root:/bound/home:/bin/sh\n");
        bundle.command("sh", "-c", "echo $HOME; env | grep -c HOME");
        Path directory = Files.createDirectories(bundle.beside("etc"));
        Files.writeString(directory.resolve("passwd"), "root:x:0:0:root:/bound/directory:/bin/sh\n");

        for (List<String> mount : List.of(
                List.of("/etc/passwd", "bind", bound.toString()),
                List.of("/etc", "bind", directory.toString()),
                List.of("/etc", "tmpfs", "tmpfs"))) {
            bundle.configure(each -> ((ArrayNode) each.get("mounts"))
                    .addObject()
                    .put("destination", mount.getFirst())
                    .put("type", mount.get(1))
                    .put("source", mount.getLast())
                    .putArray("options")
                    .add(mount.get(1).equals("bind") ? "bind" : "nosuid"));
            same(each -> each.run(Function.identity(), "run", "--bundle", path(), ID)
                    .run(Function.identity(), "run", "--keep", "--bundle", path(), ID)
                    .run("delete", ID)
                    .run("list"));
        }
    }

    /// Hooks of every kind read where the bundle is.
    @Test
    void tellHooksOfTheSameBundle() throws IOException {
        Path told = bundle.beside("told");
        bundle.command("true");
        for (String kind : List.of("prestart", "createRuntime", "poststart", "poststop")) {
            bundle.hook(kind, "grep -o '\"bundle\": *\"[^\"]*\"' | sed 's/^/" + kind + " /' >>" + told);
        }

        same(each -> {
            each.run("run", "--bundle", path(), ID).run("list").run("state", ID);
            each.lines.addAll(Files.readAllLines(told));
            Files.delete(told);
            return each;
        });
    }
}
