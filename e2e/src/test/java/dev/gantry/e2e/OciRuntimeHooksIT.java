package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Hooks of containers that `gantry runtime` makes for a caller, when some fail: what a hook has set up, poststop hooks
/// take down.
class OciRuntimeHooksIT {
    private static final String ID = "oci-runtime-hooks-it";

    private OciBundle bundle;
    private OciBundle.Peer runtime;
    private Path log;

    @BeforeEach
    void makeABundle() throws IOException {
        bundle = OciBundle.create();
        runtime = OciBundle.gantry(bundle);
        log = bundle.beside("hooks");
        bundle.command("sleep", "1000");
    }

    @AfterEach
    void leaveNothing() throws IOException {
        try (OciBundle _ = bundle) {
            Result _ = runtime.run("delete", "--force", ID);
        }
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
        Result created = runtime.run("create", "--bundle", bundle.path().toString(), ID);
        assertThat(created.exit()).as(created::toString).isZero();

        fails("poststart hook", "start", ID);

        assertThat(runtime.state(ID).get("status").asString()).isEqualTo("stopped");
        assertThat(runtime.run("delete", ID).exit()).isZero();
        assertThat(Files.readAllLines(log)).containsExactly("prestart", "createRuntime", "poststart", "poststop");
    }

    @Test
    void poststartLeaveNothingOfADetachedRunWhenTheyFail() throws IOException {
        hooksOfWhichFail("poststart");

        fails("poststart hook", "run", "--detach", "--bundle", bundle.path().toString(), ID);

        assertThat(Files.readAllLines(log)).containsExactly("prestart", "createRuntime", "poststart", "poststop");
        assertThat(list()).isEmpty();
    }
}
