package dev.gantry.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFileTest {
    private static final String OWN = Long.toString(ProcessHandle.current().pid());

    @TempDir
    private Path directory;

    private Path path() {
        return directory.resolve("run/gantry.pid");
    }

    @Test
    void namesThisProcessUntilItIsClosed() throws Exception {
        try (PidFile _ = PidFile.write(path())) {
            assertThat(path()).hasContent(OWN);
        }

        assertThat(path()).doesNotExist();
    }

    /// After a reboot, for instance: numbers are used again.
    @Test
    void replacesOneThatNamesAnotherJavaProgram() throws Exception {
        // waits for its source
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(), "--source", "25", "/dev/stdin")
                .start();
        try {
            Files.createDirectory(directory.resolve("run"));
            Files.writeString(path(), other.pid() + "0000\n");
            try (PidFile _ = PidFile.write(path())) {
                assertThat(path()).as("in place of a process that is not there").hasContent(OWN);
            }
            Files.writeString(path(), other.pid() + "\n");
            try (PidFile _ = PidFile.write(path())) {
                assertThat(path()).as("in place of another Java program").hasContent(OWN);
            }
        } finally {
            other.destroyForcibly();
        }
        other.waitFor();
    }

    @Test
    void isOneDaemonsAtATime() throws Exception {
        try (PidFile _ = PidFile.write(path())) {
            assertThatThrownBy(() -> PidFile.write(path()))
                    .isInstanceOf(UsageException.class)
                    .hasMessage("process with PID " + OWN + " is still running, as " + path()
                            + " says: end it, or remove the file");
            assertThat(path()).hasContent(OWN);
        }
    }
}
