package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// Calls of `gantry runtime` with one container, of which nothing is left.
abstract class OciRuntimeCalls {
    static final String ID = "oci-runtime-it";
    /// A cgroup of the caller's, in which the container's may be.
    static final String OWN_GROUP = "gantry-oci-it";

    OciBundle bundle;
    OciBundle.Peer runtime;

    @BeforeEach
    void makeABundle() throws IOException {
        bundle = OciBundle.create();
        runtime = OciBundle.gantry(bundle);
    }

    @AfterEach
    void leaveNothing() throws IOException {
        try (OciBundle made = bundle) {
            Result _ = runtime.run("delete", "--force", ID);
            for (Path group : Cgroups.named("gantry")) {
                // a daemon that runs beside this may have its containers there
                assertThat(Cgroups.below(group)).isNotEmpty().noneMatch(each -> each.endsWith(ID));
            }
            assertThat(made.beside("state-gantry/" + ID)).doesNotExist();
            for (Path group : Cgroups.named(OWN_GROUP)) {
                Files.delete(group); // empty, as the group of whoever has called
            }
        }
    }

    String ok(String... arguments) throws IOException {
        Result result = runtime.run(arguments);
        assertThat(result.exit()).as(result::toString).isZero();
        return result.out().strip();
    }

    String fails(int exit, String... arguments) throws IOException {
        Result result = runtime.run(arguments);
        assertThat(result.exit()).as(result::toString).isEqualTo(exit);
        return result.err().strip();
    }

    void create(String... flags) throws IOException {
        String[] words = new String[flags.length + 4];
        words[0] = "create";
        words[1] = "--bundle";
        words[2] = bundle.path().toString();
        System.arraycopy(flags, 0, words, 3, flags.length);
        words[words.length - 1] = ID;
        ok(words);
    }

    void start(String... command) throws IOException {
        bundle.command(command);
        create();
        ok("start", ID);
    }

    String status() throws IOException {
        return runtime.state(ID).get("status").asString();
    }
}
