package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Hooks of containers that `gantry runtime` makes for a caller, when some fail: what a hook has set up, poststop hooks
/// take down.
class OciRuntimeHooksIT extends OciRuntimeCalls {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int ENOSYS = 38;

    private Path log;

    @BeforeEach
    void haveALog() throws IOException {
        log = bundle.beside("hooks");
        bundle.command("sleep", "1000");
    }

    /// Hooks of every kind that runs on the host, which write a log; those of one kind fail.
    private void hooksOfWhichFail(String failing) throws IOException {
        for (String kind : new String[] {"prestart", "createRuntime", "poststart", "poststop"}) {
            bundle.hook(kind, "echo " + kind + " >> " + log + (kind.equals(failing) ? "; exit 3" : ""));
        }
    }

    private void fails(String words, String... arguments) throws IOException {
        Result result = runtime.run(arguments);
        assertThat(result.exit()).as(result::toString).isEqualTo(1);
        assertThat(result.err()).contains(words);
    }

    private void isStopped() throws IOException {
        assertThat(runtime.state(ID).get("status").asString()).isEqualTo("stopped");
        assertThat(runtime.run("delete", ID).exit()).isZero();
    }

    private String list() throws IOException {
        return runtime.run("list", "--quiet").out();
    }

    @Test
    void poststopRunWhenTheContainerCannotBeCreated() throws IOException {
        hooksOfWhichFail("createRuntime");

        fails("createRuntime hook", "create", "--bundle", bundle.path().toString(), ID);

        assertThat(Files.readAllLines(log)).containsExactly("prestart", "createRuntime", "poststop");
        assertThat(list()).isEmpty();
    }

    @Test
    void poststartEndTheContainerWhenTheyFail() throws IOException {
        hooksOfWhichFail("poststart");
        create();

        fails("poststart hook", "start", ID);

        isStopped();
        assertThat(Files.readAllLines(log)).containsExactly("prestart", "createRuntime", "poststart", "poststop");
    }

    @Test
    void poststartLeaveNothingOfADetachedRunWhenTheyFail() throws IOException {
        hooksOfWhichFail("poststart");

        fails("poststart hook", "run", "--detach", "--bundle", bundle.path().toString(), ID);

        assertThat(Files.readAllLines(log)).containsExactly("prestart", "createRuntime", "poststart", "poststop");
        assertThat(list()).isEmpty();
    }

    /// runtime-spec, config.md, "POSIX-platform Hooks": each reads the container's state as of then, with the process
    /// ID that its own namespaces know.
    @Test
    void ofTheContainerRunWhenItIsCreatedAndWhenItIsStarted() throws IOException {
        Path begun = bundle.path().resolve("rootfs/begun");
        bundle.configure(each -> each.withObject("/root").put("readonly", false));
        bundle.hook("createContainer", "cat > " + log);
        bundle.hook("startContainer", "/bin/cat > /begun");

        create();

        assertThat(state(log)).isEqualTo("creating 1");
        assertThat(begun).doesNotExist();

        Result started = runtime.run("start", ID);

        assertThat(started.exit()).as(started::toString).isZero();
        assertThat(state(begun)).isEqualTo("created 1");
        assertThat(runtime.state(ID).get("status").asString()).isEqualTo("running");
    }

    private static String state(Path file) throws IOException {
        JsonNode state = JSON.readTree(Files.readString(file));
        return state.get("status").asString() + " " + state.get("pid").asInt();
    }

    @Test
    void startContainerEndTheContainerWhenTheyFail() throws IOException {
        hooksOfWhichFail("none");
        bundle.hook("startContainer", "exit 3");
        create();

        fails("startContainer hook /bin/sh ended with an error", "start", ID);

        isStopped();
        assertThat(Files.readAllLines(log)).containsExactly("prestart", "createRuntime", "poststop");
    }

    /// They run before the command, whose handlers are not there yet: in runc, which waits here, a signal ends all,
    /// too.
    @Test
    void startContainerEndWithTheContainerBySignal() throws IOException {
        Path begun = bundle.path().resolve("rootfs/begun");
        bundle.configure(each -> each.withObject("/root").put("readonly", false));
        bundle.hook("startContainer", "> /begun; exec /bin/sleep 1000");
        create();

        try (Command start = runtime.start("start", ID)) {
            Waiting.until(() -> Files.exists(begun), () -> "the hook does not run: " + start.errSoFar());
            assertThat(runtime.run("kill", ID, "WINCH").exit()).as("WINCH").isZero();
            assertThat(start.running()).as("the start goes on after WINCH").isTrue();

            assertThat(runtime.run("kill", ID).exit()).as("TERM").isZero();

            runtime.awaitStatus(ID, "stopped");
            assertThat(start.await().exit()).isZero();
        }
        isStopped();
    }

    @Test
    void startContainerLeaveSignalsToTheCommandOnceTheyAreOver() throws IOException {
        bundle.hook("startContainer", "exit 0");
        create();
        assertThat(runtime.run("start", ID).exit()).as("start").isZero();

        assertThat(runtime.run("kill", ID).exit()).as("TERM").isZero();

        // the kernel ignores what the first process of its namespace does not handle
        Result executed = runtime.run("exec", ID, "true");
        assertThat(executed.exit()).as(executed::toString).isZero();
    }

    @Test
    void startContainerAreNamedWhenTheyDoNotExist() throws IOException {
        bundle.configure(configuration -> configuration
                .withObject("/hooks")
                .putArray("startContainer")
                .addObject()
                .put("path", "/no/hook"));
        create();

        fails("startContainer hook /no/hook: no such file or directory", "start", ID);

        isStopped();
    }

    private static final String AGENT = """
            import socket, sys
            listening = socket.socket(socket.AF_UNIX)
            listening.bind(sys.argv[1])
            listening.listen()
            print("listening", flush=True)
            received = socket.recv_fds(listening.accept()[0], 4096, 2)
            print("asked", flush=True)
            sys.stdin.read()
            """;

    /// A filter that notifies an agent is in force before the hooks of the start; usual ones refuse clone3(2).
    @Test
    void startContainerRunUnderAFilterThatNotifies() throws IOException {
        String socket = bundle.beside("agent").toString();
        bundle.configure(each -> each.withObject("/linux/seccomp")
                .put("defaultAction", "SCMP_ACT_ALLOW")
                .put("listenerPath", socket)
                .withArray("syscalls")
                .add(filtered("SCMP_ACT_NOTIFY", "mount"))
                .add(filtered("SCMP_ACT_ERRNO", "clone3").put("errnoRet", ENOSYS)));
        bundle.hook("startContainer", "exit 3");

        try (Command agent = Command.start(List.of("/usr/bin/python3", "-c", AGENT, socket), Map.of())) {
            agent.awaitOutput("listening");
            create();
            agent.awaitOutput("asked");

            fails("startContainer hook /bin/sh ended with an error", "start", ID);
        }
        isStopped();
    }

    private static ObjectNode filtered(String action, String call) {
        ObjectNode rule = JSON.createObjectNode().put("action", action);
        rule.putArray("names").add(call);
        return rule;
    }
}
