package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.oci.runtime.Namespace;
import dev.gantry.oci.runtime.Spec;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// CVE-2021-43784 of runc: lengths that did not fit their field made one value of a specification into another. Here
/// they arrive as they are, or are refused.
@Timeout(60)
class LengthIT {
    private TestHost host;

    @BeforeEach
    void makeHost() throws Exception {
        host = new TestHost();
    }

    @AfterEach
    void removeHost() throws Exception {
        assertThat(host.leftBehind()).isEmpty();
        host.close();
    }

    /// The kernel takes 128 KiB with name and end: MAX_ARG_STRLEN in execve(2).
    @ParameterizedTest
    @ValueSource(ints = {255, 256, 4095, 4096, 32_767, 65_535, 65_536, 65_537, 131_069})
    void ofValuesArrive(int length) throws Exception {
        Spec spec = TestHost.with(
                TestHost.spec("sh", "-c", "echo ${#A} ${#0} $B", "x".repeat(length)),
                "process.env",
                List.of("PATH=/bin", "A=" + "x".repeat(length), "B=next"));

        assertThat(host.run(spec).output()).isEqualTo(length + " " + length + " next\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {131_070, 1 << 20})
    void ofValuesThatTheKernelDoesNotTakeAreRefused(int length) throws Exception {
        refuses(
                TestHost.with(TestHost.spec("true"), "process.env", List.of("A=" + "x".repeat(length))),
                "argument list too long");
    }

    @ParameterizedTest
    @ValueSource(ints = {4096, 65_536, 65_537, 1 << 20})
    void ofPathsAreRefused(int length) throws Exception {
        String path = "/" + "x/".repeat(length / 2);
        refuses(TestHost.withNamespace(TestHost.spec("true"), Namespace.Type.IPC, path), "ENAMETOOLONG");
        refuses(TestHost.with(TestHost.spec("true"), "process.cwd", path), "ENAMETOOLONG");
        refuses(TestHost.with(TestHost.spec("true"), "linux.maskedPaths", List.of(path)), "ENAMETOOLONG");
    }

    @ParameterizedTest
    @ValueSource(ints = {65, 256, 65_536, 65_537})
    void ofHostNamesAreRefused(int length) throws Exception {
        refuses(TestHost.with(TestHost.spec("true"), "hostname", "x".repeat(length)), "name");
    }

    @ParameterizedTest
    @ValueSource(ints = {65_537, 131_072})
    void ofGroupsAreRefused(int length) throws Exception {
        List<Integer> groups = IntStream.range(0, length).boxed().toList();
        refuses(TestHost.with(TestHost.spec("true"), "process.user.additionalGids", groups), "group", "EINVAL");
    }

    private void refuses(Spec spec, String... words) {
        assertThatThrownBy(() -> host.run(spec)).isInstanceOf(IOException.class).hasMessageContainingAll(words);
    }
}
