package dev.gantry.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.engine.EngineOptions;
import dev.gantry.engine.EngineOptions.Runtimes.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuntimesTest {
    @TempDir
    private Path directory;

    private EngineOptions.Runtimes read(String... added) throws UsageException {
        return new Runtimes(List.of(directory)).read(List.of(added), null);
    }

    private Path program(String name) throws IOException {
        Path file = Files.createFile(directory.resolve(name));
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void takesPathsAndArguments() throws Exception {
        EngineOptions.Runtimes runtimes =
                read("One=/opt/one", "two={\"path\": \"/opt/two\", \"runtimeArgs\": [\"--debug\"]}");
        assertThat(runtimes.byDefault()).isEqualTo("gantry");
        assertThat(runtimes.others())
                .containsOnlyKeys("one", "two")
                .containsEntry("one", new Program("/opt/one", List.of()))
                .containsEntry("two", new Program("/opt/two", List.of("--debug")));
    }

    @Test
    void readsTheFileAsDockerdDoes() throws Exception {
        Path config = Files.writeString(directory.resolve("daemon.json"), """
                {"runtimes": {"custom": {"path": "/opt/custom", "runtimeArgs": ["-v"]}}, "default-runtime": "custom"}""");
        Settings settings = Settings.read(List.of("--config-file=" + config));
        EngineOptions.Runtimes runtimes =
                new Runtimes(List.of()).read(settings.list("add-runtime"), settings.text("default-runtime"));
        assertThat(runtimes.byDefault()).isEqualTo("custom");
        assertThat(runtimes.others()).containsEntry("custom", new Program("/opt/custom", List.of("-v")));
    }

    @Test
    void knowsRuncWhereItIsInstalled() throws Exception {
        assertThat(read().others()).isEmpty();
        Path runc = program("runc");
        assertThat(read().others())
                .containsOnlyKeys("runc", "io.containerd.runc.v2")
                .containsEntry("runc", new Program(runc.toString(), List.of()));
        assertThat(read("runc=/opt/runc").others()).containsEntry("runc", new Program("/opt/runc", List.of()));
    }

    @Test
    void looksForProgramsWithoutADirectory() throws Exception {
        Path youki = program("youki");
        assertThat(read("y=youki", "n=nowhere").others())
                .containsEntry("y", new Program(youki.toString(), List.of()))
                .containsEntry("n", new Program("/nowhere", List.of()));
    }

    @Test
    void refusesWithTheTextsOfDockerd() {
        assertThatThrownBy(() -> read("nothing")).hasMessage("invalid runtime argument: nothing");
        assertThatThrownBy(() -> read("a=")).hasMessage("invalid runtime argument: a=");
        assertThatThrownBy(() -> read("../a=/b")).hasMessage("invalid runtime argument: ../a=/b");
        assertThatThrownBy(() -> read("a=/b", "A=/c")).hasMessage("runtime 'a' was already defined");
        assertThatThrownBy(() -> read("gantry=/b")).hasMessage("runtime name 'gantry' is reserved");
        assertThatThrownBy(() -> read("a={\"type\": \"io.containerd.x.v1\"}")).hasMessageContaining("want a path");
        assertThatThrownBy(() -> new Runtimes(List.of(directory)).read(List.of(), "other"))
                .isInstanceOf(UsageException.class)
                .hasMessage("specified default runtime 'other' does not exist");
    }
}
