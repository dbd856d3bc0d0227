package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The state root on a file system without a byte left, as /run may be.
@Timeout(60)
class FullStateRootIT {
    private static final int PAGE = 4096;

    private TestHost host;

    @BeforeEach
    void makeHost() throws Exception {
        host = new TestHost();
        TestHost.command(
                "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", host.state().toString());
    }

    @AfterEach
    void removeHost() throws Exception {
        try (TestHost closed = host) {
            try {
                assertThat(closed.cgroups()).isEmpty();
            } finally {
                TestHost.command("umount", "--lazy", closed.state().toString());
            }
        }
    }

    private Path filler() {
        return host.state().resolve("filler");
    }

    private void fill() throws IOException {
        byte[] page = new byte[PAGE];
        try (OutputStream file = Files.newOutputStream(filler())) {
            while (true) {
                file.write(page);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left on device");
        }
    }

    /// A process that ends once it is told to.
    private static ExitStatus told(ContainerProcess process) throws Exception {
        OutputStream stdin = process.stdin();
        stdin.write("\n".getBytes(StandardCharsets.UTF_8));
        stdin.close();
        return process.awaitExit();
    }

    private List<Path> stateOf(RunningContainer container) throws IOException {
        try (Stream<Path> files = Files.list(host.state().resolve(container.id()))) {
            return files.sorted().toList();
        }
    }

    @Test
    void losesNoExitCodeOfWhatRuns() throws Exception {
        try (RunningContainer container = host.start("sh", "-c", "read x; exit 7")) {
            var launch = new ExecLaunch(TestHost.process(container, "sh", "-c", "read x; exit 5"), true, false);
            try (ContainerProcess executed = container.exec(launch)) {
                fill();

                assertThat(told(executed).code()).isEqualTo(5);
                List<Path> state = stateOf(container);
                assertThatThrownBy(() -> TestHost.exec(container, "true"))
                        .hasMessageContaining("no space left on device");
                assertThat(stateOf(container)).isEqualTo(state);
                assertThat(told(container).code()).isEqualTo(7);
            }
            Files.delete(filler());
            container.delete();
        }
    }

    @Test
    void leavesNothingOfAStartThatFindsNoSpace() throws Exception {
        for (int spared = 0; spared < 8; spared++) {
            Path space = host.state().resolve("spared");
            Files.write(space, new byte[spared * PAGE]);
            fill();
            Files.delete(space);

            ContainerLaunch launch = host.launch(TestHost.spec("true"), false);
            try {
                host.run(launch);
                assertThat(spared).isGreaterThan(0);
            } catch (IOException e) {
                launch.root().close();
                assertThat(e.getMessage()).containsIgnoringCase("no space left on device");
            }
            assertThat(host.leftBehind()).as(spared + " pages").containsExactly(filler());
            Files.delete(filler());
        }
    }
}
