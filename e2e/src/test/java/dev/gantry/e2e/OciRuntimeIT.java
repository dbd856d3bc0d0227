package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `gantry runtime`, called as engines call runc.
class OciRuntimeIT extends OciRuntimeCalls {
    private static final String OUT_OF_MEMORY = "{\"type\":\"oom\",\"id\":\"" + ID + "\"}\n";

    @Test
    void runsACommandToItsEnd() throws IOException {
        bundle.command("sh", "-c", "hostname; id -u; exit 7");

        Result result = runtime.run("run", "--bundle", bundle.path().toString(), ID);

        assertThat(result.out()).as(result::toString).isEqualTo("gantry\n0\n");
        assertThat(result.exit()).isEqualTo(7);
        assertThat(fails(1, "state", ID)).isEqualTo("container does not exist");
    }

    /// As services do, which have none.
    @Test
    void takesNamesThatAreNotAsciiWithoutALocale() throws IOException {
        bundle.command("sh", "-c", "cat /dätä/*; env; echo $0", "ü");
        bundle.configure(configuration -> configuration
                .putArray("mounts")
                .addObject()
                .put("destination", "/dätä")
                .put("type", "bind")
                .put("source", bundle.path() + "/ü dir")
                .putArray("options")
                .add("rbind"));
        String script =
                "u=$(printf '\\303\\274'); b=%s; mkdir \"$b/$u dir\"; echo content >\"$b/$u dir/$u\"; mv $b $b$u;"
                                .formatted(bundle.path())
                        + " ln -s $b$u $b; exec env -i PATH=\"$PATH\" JAVA_HOME=$GANTRY_JAVA_HOME GANTRY_NO_BUILD=1"
                        + " \"$@\" run --bundle $b$u " + ID;

        Result result = runtime.withShell(script);

        assertThat(result.exit()).as(result::toString).isZero();
        assertThat(result.out()).startsWith("content\n").endsWith("ü\n").doesNotContain("LC_", "LANG");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void createsThenStartsThenKillsThenDeletes() throws IOException {
        bundle.command("sleep", "1000");
        Path pidFile = bundle.beside("pid");

        create("--pid-file", pidFile.toString());

        assertThat(status()).isEqualTo("created");
        assertThat(runtime.state(ID).get("pid").asString()).isEqualTo(Files.readString(pidFile));
        ok("start", ID);
        runtime.awaitStatus(ID, "running");
        assertThat(fails(1, "delete", ID)).contains("not stopped: running");
        ok("kill", ID, "KILL");
        runtime.awaitStatus(ID, "stopped");
        ok("delete", ID);
        assertThat(fails(1, "state", ID)).isEqualTo("container does not exist");
    }

    @Test
    void deletesAContainerThatWasNeverStarted() throws IOException {
        create();

        ok("delete", ID);

        assertThat(ok("list", "--quiet")).isEmpty();
    }

    /// It waits as the first process of its namespace, for which the kernel ignores what has no handler.
    @Test
    void endsAContainerThatWasNeverStarted() throws IOException {
        for (List<String> kill : List.of(List.of(ID), List.of(ID, "HUP"), List.of("--all", ID, "TERM"))) {
            create();
            for (String harmless : List.of("CHLD", "URG", "WINCH", "CONT")) {
                ok("kill", ID, harmless);
            }
            assertThat(status()).isEqualTo("created");

            ok(Stream.concat(Stream.of("kill"), kill.stream()).toArray(String[]::new));

            runtime.awaitStatus(ID, "stopped");
            ok("delete", ID);
        }
    }

    @Test
    void executesPausesAndLists() throws IOException {
        start("sleep", "1000");

        assertThat(ok("exec", "--env", "A=b", ID, "sh", "-c", "echo $A; cat /proc/1/comm"))
                .isEqualTo("b\nsleep");
        assertThat(runtime.run("exec", ID, "sh", "-c", "exit 9").exit()).isEqualTo(9);
        assertThat(fails(255, "exec", ID, "no-such-command")).contains("executable file not found in $PATH");
        assertThat(ok("list", "--quiet")).isEqualTo(ID);
        JsonNode listed = new JsonMapper().readTree(ok("list", "--format", "json"));
        assertThat(listed.get(0).get("owner").asString()).isEqualTo("root");
        assertThat(ok("list").lines().toList().getLast()).matches(ID + " +[0-9]+ +running .*");
        assertThat(ok("ps", "--format", "json", ID)).matches("\\[[0-9]+]");
        assertThat(ok("ps", ID, "-o", "pid,args")).endsWith("sleep 1000");
        ok("pause", ID);
        assertThat(status()).isEqualTo("paused");
        assertThat(fails(255, "exec", ID, "true")).contains("paused container");
        ok("resume", ID);
        assertThat(status()).isEqualTo("running");
        ok("delete", "--force", ID);
        assertThat(ok("list", "--quiet")).isEmpty();
    }

    @Test
    void executesAProcessFromAFile() throws IOException {
        start("sleep", "1000");
        Path file = bundle.beside("process.json");
        Files.writeString(file, """
                {"args": ["sh", "-c", "id -u; pwd; echo $X"], "cwd": "/tmp", "env": ["X=y", "PATH=/bin"],
                 "user": {"uid": 5, "gid": 6}}""");

        assertThat(ok("exec", "--process", file.toString(), ID)).isEqualTo("5\n/tmp\ny");

        Files.writeString(file, "{\"args\": [], \"cwd\": \"/\"}");
        assertThat(fails(255, "exec", "--process", file.toString(), ID)).isEqualTo("process args cannot be empty");
    }

    @Test
    void executesAsAnotherUserWithTheGroupsAndTheUmaskOfTheContainer() throws IOException {
        bundle.configure(each -> ((ObjectNode) each.get("process").get("user"))
                .put("umask", 23)
                .putArray("additionalGids")
                .add(5)
                .add(6));
        start("sleep", "1000");

        assertThat(ok("exec", "--user", "1:2", ID, "sh", "-c", "id -u; id -G; umask"))
                .isEqualTo("1\n2 5 6\n0027");
        assertThat(ok("exec", "--additional-gids", "9", ID, "sh", "-c", "id -G; umask"))
                .isEqualTo("0 5 6 9\n0027");
    }

    @Test
    void killsEveryProcessAlsoOfAPausedContainer() throws IOException {
        start("sleep", "1000");
        ok("exec", "--detach", ID, "sleep", "1001");
        ok("kill", ID, "0");
        ok("pause", ID);

        ok("kill", "--all", ID, "KILL");

        runtime.awaitStatus(ID, "stopped");
        assertThat(ok("ps", "--format", "json", ID)).isEqualTo("null");
        assertThat(fails(1, "kill", ID)).isEqualTo("container not running");
    }

    @Test
    void updatesLimits() throws IOException {
        start("sleep", "1000");

        ok("update", "--pids-limit", "44", "--memory", "64m", ID);

        assertThat(limit("pids", "pids.max", "pids.max")).isEqualTo("44");
        assertThat(limit("memory", "memory.limit_in_bytes", "memory.max")).isEqualTo("67108864");
        Path file = bundle.beside("resources.json");
        Files.writeString(file, "{\"pids\": {\"limit\": 55}}");
        ok("update", "--resources", file.toString(), ID);
        assertThat(limit("pids", "pids.max", "pids.max")).isEqualTo("55");
        Result piped = runtime.withShell("echo '{\"pids\": {\"limit\": 66}}' | \"$@\"", "update", "-r", "-", ID);
        assertThat(piped.exit()).as(piped::toString).isZero();
        assertThat(limit("pids", "pids.max", "pids.max")).isEqualTo("66");
        assertThat(fails(1, "update", "--memory", "much", ID)).contains("memory");
        ok("kill", ID, "KILL");
        runtime.awaitStatus(ID, "stopped");
        assertThat(fails(1, "update", "--pids-limit", "3", ID)).isEqualTo("container not running");
    }

    @Test
    void tellsWhatAContainerUses() throws IOException {
        start("sleep", "1000");

        JsonNode event = new JsonMapper().readTree(ok("events", "--stats", ID));

        assertThat(event.get("type").asString()).isEqualTo("stats");
        assertThat(event.get("id").asString()).isEqualTo(ID);
        JsonNode data = event.get("data");
        assertThat(data.get("cpu").get("usage").get("total").asLong()).isPositive();
        assertThat(data.get("memory").get("usage").get("usage").asLong()).isPositive();
        assertThat(data.get("memory").get("raw").size()).isGreaterThan(10);
        assertThat(data.get("pids").get("current").asLong()).isEqualTo(1);
        ok("kill", ID, "KILL");
        runtime.awaitStatus(ID, "stopped");
        assertThat(fails(1, "events", "--stats", ID)).isEqualTo("container with id " + ID + " is not running");
    }

    /// Starts a container that waits for `/now` and then wants more than its 16 MiB of memory.
    private void startWithLittleMemory(String script, Map<String, String> unified) throws IOException {
        bundle.command("sh", "-c", "until [ -e /now ]; do sleep 0.1; done; " + script);
        bundle.configure(each -> {
            ObjectNode resources = (ObjectNode) each.get("linux").get("resources");
            resources.putObject("memory").put("limit", 16 << 20).put("swap", 16 << 20);
            unified.forEach(resources.putObject("unified")::put);
        });
        create();
        ok("start", ID);
    }

    /// Lets the container go on when `events` watches it.
    private void letItWant(Command events) throws IOException {
        events.awaitOutput("{\"type\":\"stats\",\"id\":\"" + ID + "\",\"data\":{");
        Files.createFile(bundle.path().resolve("rootfs/now"));
    }

    @Test
    void tellsThatTheKernelKilledForWantOfMemory() throws IOException {
        startWithLittleMemory("tail /dev/zero; exec sleep 1000", Map.of());

        try (Command events = runtime.start("events", "--interval", "1s", ID)) {
            letItWant(events);
            events.awaitOutput(OUT_OF_MEMORY);

            assertThat(status()).isEqualTo("running");
            ok("kill", ID, "KILL");
            assertThat(events.await().exit()).isZero();
        }
    }

    /// Its main process, or on version 2 all of its processes at once.
    @Test
    void tellsThatTheKernelEndedTheContainerForWantOfMemory() throws IOException {
        startWithLittleMemory(
                Cgroups.unified() ? "tail /dev/zero; exec sleep 1000" : "exec tail /dev/zero",
                Cgroups.unified() ? Map.of("memory.oom.group", "1") : Map.of());

        try (Command events = runtime.start("events", "--interval", "1s", ID)) {
            letItWant(events);
            Result result = events.await();

            assertThat(result.exit()).as(result::toString).isZero();
            assertThat(result.out()).contains(OUT_OF_MEMORY);
            assertThat(status()).isEqualTo("stopped");
        }
    }

    private static String limit(String controller, String file, String unifiedFile) throws IOException {
        Path group = Cgroups.unified()
                ? Path.of("/sys/fs/cgroup/gantry", ID, unifiedFile)
                : Path.of("/sys/fs/cgroup", controller, "gantry", ID, file);
        return Files.readString(group).strip();
    }

    /// systemd makes all of the host's shared, dockerd its data root.
    @Test
    void runsOnARootThatLiesOnASharedMount() throws IOException {
        bundle.command("echo", "hi");

        Result result = runtime.withShell(
                "exec unshare --mount --propagation shared \"$@\"",
                "run",
                "--bundle",
                bundle.path().toString(),
                ID);

        assertThat(result.exit()).as(result::toString).isZero();
        assertThat(result.out()).isEqualTo("hi\n");
    }

    @Test
    void usesTheCgroupOfTheConfigurationAndLeavesItsParent() throws IOException {
        bundle.command("cat", "/proc/1/cgroup");
        bundle.configure(each -> {
            each.remove("hostname");
            ((ObjectNode) each.get("linux")).put("cgroupsPath", "/" + OWN_GROUP + "/any/name");
            ((ObjectNode) each.get("linux"))
                    .set("namespaces", new JsonMapper().readTree("[{\"type\": \"pid\"}, {\"type\": \"mount\"}]"));
        });

        assertThat(ok("run", "--bundle", bundle.path().toString(), ID)).contains(":/" + OWN_GROUP + "/any/name");

        for (Path group : Cgroups.named(OWN_GROUP)) {
            assertThat(Cgroups.below(group)).containsExactly(group.resolve("any"));
            Files.delete(group.resolve("any"));
        }
    }

    @Test
    void leavesNoCgroupOfAContainerThatCannotBeCreated() throws IOException {
        bundle.command("/no/such/command");
        bundle.configure(each -> ((ObjectNode) each.get("linux")).put("cgroupsPath", "/" + OWN_GROUP + "/name"));

        assertThat(fails(1, "create", "--bundle", bundle.path().toString(), ID)).contains("/no/such/command");

        for (Path group : Cgroups.named(OWN_GROUP)) {
            assertThat(Cgroups.below(group)).isEmpty();
        }
    }

    /// Whatever is in a container's cgroup is killed with it: it must not be somebody else's.
    @Test
    void refusesACgroupThatHasProcesses() throws IOException {
        start("sleep", "1000");
        bundle.configure(each -> ((ObjectNode) each.get("linux")).put("cgroupsPath", "/gantry/" + ID));

        assertThat(fails(1, "create", "--bundle", bundle.path().toString(), ID + "-2"))
                .contains("is not empty: 1 process");

        assertThat(status()).isEqualTo("running");
    }

    @Test
    void refusesByNameWhatItDoesNotDo() throws IOException {
        String path = bundle.path().toString();
        bundle.configure(each -> ((ObjectNode) each.get("linux")).put("cgroupsPath", "system.slice:runc:x"));
        assertThat(fails(1, "create", "--bundle", path, ID)).contains("linux.cgroupsPath", "slice:prefix:name");
        assertThat(fails(1, "--systemd-cgroup", "list")).contains("--systemd-cgroup");
        assertThat(fails(1, "checkpoint", ID)).contains("checkpoint");
        assertThat(fails(3, "nothing")).contains("nothing");
    }

    @Test
    void saysWhyACommandCannotBeExecutedBeforeItIsStarted() throws IOException {
        bundle.command("/no/such/command");

        Result result = runtime.run("run", "--bundle", bundle.path().toString(), ID);

        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err()).contains("/no/such/command");
        assertThat(ok("list", "--quiet")).isEmpty();
    }

    @Test
    void saysWhyACommandCannotBeExecutedWhenItIsStarted() throws IOException {
        Path script = Files.writeString(bundle.path().resolve("rootfs/no-program"), "no interpreter");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        bundle.command("/no-program");
        create();

        assertThat(fails(1, "start", ID)).contains("exec: \"/no-program\": exec format error");

        assertThat(status()).isEqualTo("stopped");
        ok("delete", ID);
        assertThat(fails(1, "run", "--bundle", bundle.path().toString(), ID)).contains("exec format error");
        assertThat(ok("list", "--quiet")).isEmpty();
    }

    /// Standard error is the container's.
    @Test
    void warnsOnStandardErrorOnlyWhenAsked() throws IOException {
        bundle.command("sleep", "1000");
        Path file = bundle.beside("process.json");
        Files.writeString(file, """
                {"args": ["true"], "cwd": "/", "env": ["PATH=/bin"], "user": {"uid": 0, "gid": 0},
                 "capabilities": {"bounding": ["CAP_NO_SUCH_THING"]}}""");
        String path = bundle.path().toString();

        for (String[] words : List.of(
                new String[] {"create", "--no-pivot", "--bundle", path, ID},
                new String[] {"exec", "--process", file.toString(), ID},
                new String[] {"run", "--no-pivot", "--detach", "--bundle", path, ID})) {
            Result silent = runtime.run(words);
            assertThat(silent.exit()).as(silent::toString).isZero();
            assertThat(silent.err()).isEmpty();
            if (!words[0].equals("exec")) {
                ok("delete", "--force", ID);
            }
            Result told = runtime.run(
                    Stream.concat(Stream.of("--debug"), Stream.of(words)).toArray(String[]::new));
            assertThat(told.exit()).as(told::toString).isZero();
            assertThat(told.err()).startsWith("warning: ");
            if (words[0].equals("exec")) {
                ok("delete", "--force", ID);
            }
        }
    }

    @Test
    void tellsContainerdTheReasonInItsLog() throws IOException {
        Path log = bundle.beside("log.json");

        Result _ = runtime.run(
                "--log", log.toString(), "--log-format", "json", "create", "--no-pivot", "--bundle", "/no/bundle", ID);

        List<String> entries = Files.readAllLines(log);
        JsonNode entry = new JsonMapper().readTree(entries.getLast());
        assertThat(entries.getFirst()).contains("warning", "--no-pivot");
        assertThat(entry.get("level").asString()).isEqualTo("error");
        assertThat(entry.get("msg").asString()).contains("/no/bundle: no such file or directory");
    }
}
