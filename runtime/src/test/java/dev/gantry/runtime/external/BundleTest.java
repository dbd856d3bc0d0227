package dev.gantry.runtime.external;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.oci.Json;
import dev.gantry.oci.runtime.Mount;
import dev.gantry.oci.runtime.Process;
import dev.gantry.oci.runtime.Root;
import dev.gantry.oci.runtime.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleTest {
    private static final RuntimeProgram PROGRAM = new RuntimeProgram("runc", Path.of("/usr/sbin/runc"), List.of("-v"));

    @TempDir
    private Path state;

    private Bundle created() throws IOException {
        return created(false);
    }

    private Bundle created(boolean init) throws IOException {
        Process process = Process.of(List.of("true"), List.of(), "/");
        Bundle bundle = new Bundle(state);
        bundle.create(
                PROGRAM,
                new Spec(
                        Spec.VERSION,
                        process,
                        new Root("/elsewhere", true),
                        null,
                        null,
                        List.of(),
                        null,
                        Map.of(),
                        null),
                init);
        return bundle;
    }

    @Test
    void saysWhoseContainerItIs() throws IOException {
        Bundle bundle = new Bundle(state);
        assertThat(bundle.program()).isEmpty();
        assertThat(created().program()).contains(PROGRAM);
        Files.writeString(bundle.directory().resolve("program"), "{\"name\":");
        assertThat(bundle.program()).as("torn").isEmpty();
    }

    @Test
    void hasItsRootWhereItIsMounted() throws IOException {
        Bundle bundle = created();
        Spec spec = Json.read(Files.readAllBytes(bundle.directory().resolve("config.json")), Spec.class);
        assertThat(spec.root()).isEqualTo(new Root("rootfs", true));
        assertThat(bundle.root()).isEmptyDirectory();
    }

    @Test
    void hasAnInitInPlaceOfTheCommand() throws IOException {
        Bundle bundle = created(true);
        Spec spec = Json.read(Files.readAllBytes(bundle.directory().resolve("config.json")), Spec.class);
        Path file = bundle.directory().resolve("init");
        assertThat(spec.mounts())
                .containsExactly(
                        new Mount("/sbin/docker-init", "bind", file.toString(), List.of("bind", "ro", "exec")));
        assertThat(Objects.requireNonNull(spec.process()).args()).containsExactly("/sbin/docker-init");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rwxr-xr-x");
        assertThat(Files.readAllBytes(file)).startsWith(0x7f, 'E', 'L', 'F');
    }

    /// crun 1.8: unknown version specified.
    @Test
    void isOfAVersionThatEveryRuntimeTakes() throws IOException {
        Bundle bundle = created(false);
        Spec spec = Json.read(Files.readAllBytes(bundle.directory().resolve("config.json")), Spec.class);
        assertThat(spec.ociVersion()).isEqualTo("1.0.2");
    }

    /// Environments hold secrets, and root of a user namespace reaches its root through here.
    @Test
    void isPassableAndPrivate() throws IOException {
        Bundle bundle = created();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(bundle.directory())))
                .isEqualTo("rwx--x--x");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(bundle.directory().resolve("config.json"))))
                .isEqualTo("rw-------");
    }

    @Test
    void readsTheNumberOfAProcessOnceItIsWritten() throws IOException {
        Bundle.Answers answers = created().main();
        assertThat(answers.process()).isEmpty();
        Files.writeString(answers.pid(), "");
        assertThat(answers.process()).as("not written yet").isEmpty();
        Files.writeString(answers.pid(), "123\n");
        assertThat(answers.process()).hasValue(123);
        Files.writeString(answers.pid(), "x");
        assertThatThrownBy(answers::process).hasMessageContaining("is no number");
    }

    @Test
    void isRemovedWithAllThatRuntimesWrite() throws IOException {
        Bundle bundle = created();
        bundle.write("exec-1", Process.of(List.of("id"), List.of(), "/"));
        Files.writeString(bundle.main().log(), "x");
        Files.writeString(bundle.of("exec-1").pid(), "1");
        bundle.remove("exec-1");
        assertThat(bundle.of("exec-1").pid()).doesNotExist();
        bundle.remove();
        bundle.remove();
        assertThat(state).isEmptyDirectory();
    }

    @Test
    void keepsNoExecButThoseThatAreKnown() throws IOException {
        Bundle bundle = created();
        Files.writeString(bundle.main().pid(), "1");
        for (String each : List.of("exec-1", "exec-10")) {
            bundle.write(each, Process.of(List.of("id"), List.of(), "/"));
            Files.writeString(bundle.of(each).pid(), "1");
            Files.writeString(bundle.directory().resolve("." + each + ".pid"), "");
        }

        bundle.keep(Set.of("exec-10"));

        assertThat(bundle.files("exec-1")).noneMatch(Files::exists);
        assertThat(bundle.of("exec-10").pid()).exists();
        assertThat(bundle.main().pid()).exists();
        assertThat(bundle.directory().resolve(".exec-1.pid")).doesNotExist();
        // runc may still be at work
        assertThat(bundle.directory().resolve(".exec-10.pid")).exists();
    }

    @Test
    void takesNoNameThatIsAPath() {
        assertThatThrownBy(() -> new RuntimeProgram("../x", Path.of("/x"), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
