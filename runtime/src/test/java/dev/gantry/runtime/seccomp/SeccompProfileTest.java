package dev.gantry.runtime.seccomp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.oci.Json;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.runtime.Seccomp;
import dev.gantry.oci.runtime.Seccomp.Action;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class SeccompProfileTest {
    @Test
    void theDefaultProfileDependsOnCapabilities() {
        Seccomp plain = SeccompProfile.defaults().resolve(Set.of(), "amd64", "6.1.0-13-amd64");
        Seccomp admin = SeccompProfile.defaults().resolve(Set.of("CAP_SYS_ADMIN"), "amd64", "6.1.0");
        assertThat(plain.defaultAction()).isEqualTo(Action.SCMP_ACT_ERRNO);
        assertThat(plain.architectures()).contains("SCMP_ARCH_X86_64", "SCMP_ARCH_X86");
        assertThat(allowed(plain, "read")).isTrue();
        assertThat(allowed(plain, "mount")).isFalse();
        assertThat(allowed(admin, "mount")).isTrue();
    }

    @Test
    void anArgumentNeedsNoSecondValue() throws MalformedException {
        Seccomp filter = SeccompProfile.parse("""
                {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["socket"], "action": "SCMP_ACT_ERRNO",
                 "args": [{"index": 0, "value": 38, "op": "SCMP_CMP_EQ"}]}]}""").resolve(Set.of(), "amd64", "6.1");
        assertThat(filter.syscalls().getFirst().args())
                .containsExactly(new Seccomp.Argument(0, 38, 0, Seccomp.Operator.SCMP_CMP_EQ));
    }

    @Test
    void namesAnActionThatIsMissing() {
        assertThatThrownBy(() -> SeccompProfile.parse("{}"))
                .isInstanceOf(MalformedException.class)
                .hasMessage("defaultAction is missing in the seccomp profile");
        assertThatThrownBy(() -> SeccompProfile.parse("""
                        {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["mkdir"]}]}"""))
                .isInstanceOf(MalformedException.class)
                .hasMessage("syscalls: action is missing in the seccomp profile");
    }

    /// The file is moby's own, word for word.
    @Test
    void theDefaultProfileIsDockers() throws Exception {
        Path theirs = beside("shared/specs/seccomp-default.json")
                .orElseThrow(
                        () -> new TestAbortedException(
                                "beside: moby's profile, shared/specs/seccomp-default.json, is in no directory above this checkout"));
        try (InputStream ours = SeccompProfile.class.getResourceAsStream("default-seccomp.json")) {
            assertThat(Json.read(ours.readAllBytes(), Object.class))
                    .isEqualTo(Json.read(Files.readAllBytes(theirs), Object.class));
        }
    }

    private static Optional<Path> beside(String name) {
        for (Path above = Path.of("").toAbsolutePath(); above != null; above = above.getParent()) {
            Path file = above.resolve(name);
            if (Files.exists(file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }

    private static boolean allowed(Seccomp filter, String call) {
        return filter.syscalls().stream()
                .anyMatch(rule ->
                        rule.action() == Action.SCMP_ACT_ALLOW && rule.names().contains(call));
    }
}
