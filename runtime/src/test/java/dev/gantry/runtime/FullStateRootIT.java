package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The state root on a file system without a byte left, as /run may be.
@Timeout(60)
class FullStateRootIT {
    private TestHost host;

    @BeforeEach
    void makeHost() throws Exception {
        host = new TestHost();
        command("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", host.state().toString());
    }

    @AfterEach
    void removeHost() throws Exception {
        try (TestHost closed = host) {
            assertThat(closed.cgroups()).isEmpty();
            command("umount", closed.state().toString());
        }
    }

    private static void command(String... words) throws IOException, InterruptedException {
        java.lang.Process process = new ProcessBuilder(words).inheritIO().start();
        assertThat(process.waitFor()).as(String.join(" ", words)).isZero();
    }

    private Path filler() {
        return host.state().resolveSibling("state/filler");
    }

    private void fill() throws IOException {
        byte[] page = new byte[4096];
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

    private List<Path> container(RunningContainer container) throws IOException {
        try (Stream<Path> files = Files.list(host.state().resolve(container.id()))) {
            return files.sorted().toList();
        }
    }

    @Test
    void losesNoExitCodeOfWhatRuns() throws Exception {
        try (RunningContainer container = host.start("sh", "-c", "read x; exit 7")) {
            List<String> command = List.of("sh", "-c", "read x; exit 5");
            var launch = new ExecLaunch(TestHost.process(container, command.toArray(String[]::new)), true, false);
            try (ContainerProcess executed = container.exec(launch)) {
                fill();

                assertThat(told(executed).code()).isEqualTo(5);
                List<Path> state = container(container);
                assertThatThrownBy(() -> TestHost.exec(container, "true"))
                        .hasMessageContaining("no space left on device");
                assertThat(container(container)).isEqualTo(state);
                assertThat(told(container).code()).isEqualTo(7);
            }
            Files.delete(filler());
            container.delete();
        }
    }

    @Test
    void leavesNothingOfAStartThatFindsNoSpace() throws Exception {
        for (int spared = 0; spared < 8; spared++) {
            Path[] files = new Path[spared];
            Arrays.setAll(files, i -> host.state().resolve("spared" + i));
            for (Path each : files) {
                Files.write(each, new byte[1]);
            }
            fill();
            for (Path each : files) {
                Files.delete(each);
            }

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
