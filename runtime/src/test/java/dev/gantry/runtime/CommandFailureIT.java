package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Commands that cannot be executed: the same words from a start and from an exec.
@Timeout(60)
class CommandFailureIT {
    private static final int FOREIGN_MACHINE = 0x1234;

    private TestHost host;

    @BeforeEach
    void makeHost() throws Exception {
        host = new TestHost();
    }

    @AfterEach
    void removeHost() throws Exception {
        assertThat(host.leftBehind()).isEmpty();
        assertThat(host.cgroups()).isEmpty();
        host.close();
    }

    private void assertFailure(int code, String message, String... command) throws Exception {
        LaunchException started = catchThrowableOfType(LaunchException.class, () -> host.start(command));
        RunningContainer container = host.idle();
        LaunchException executed = catchThrowableOfType(LaunchException.class, () -> TestHost.exec(container, command));
        TestHost.remove(container);

        assertThat(started).hasMessage(message);
        assertThat(started.exitCode()).isEqualTo(code);
        assertThat(executed).hasMessage(message);
        assertThat(executed.exitCode()).isEqualTo(code);
    }

    @Test
    void namesTheMissingInterpreterOfAScript() throws Exception {
        host.script("x.sh", "#!/no/such -e\necho\n");

        assertFailure(127, "exec: \"/x.sh\": interpreter \"/no/such\": no such file or directory", "/x.sh");
    }

    @Test
    void namesTheMissingInterpreterOfAScriptThatIsFoundInThePath() throws Exception {
        host.script("bin/x.sh", "#! /no/such\n");

        assertFailure(127, "exec: \"x.sh\": interpreter \"/no/such\": no such file or directory", "x.sh");
    }

    @Test
    void showsTheLineEndThatMakesAnInterpreterMissing() throws Exception {
        host.script("x.sh", "#!/bin/sh\r\necho\r\n");

        assertFailure(127, "exec: \"/x.sh\": interpreter \"/bin/sh\\r\": no such file or directory", "/x.sh");
    }

    @Test
    void namesAnInterpreterThatIsNoProgram() throws Exception {
        host.script("dir.sh", "#!/bin\n");
        host.script("x.sh", "#!/data\n");
        host.script("data", "");
        Files.setPosixFilePermissions(
                host.state().resolveSibling("image/data"),
                java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));

        assertFailure(126, "exec: \"/dir.sh\": interpreter \"/bin\": is a directory", "/dir.sh");
        assertFailure(126, "exec: \"/x.sh\": interpreter \"/data\": permission denied", "/x.sh");
        assertFailure(126, "exec: \"/data\": permission denied", "/data");
    }

    @Test
    void namesTheMissingLoaderOfAProgram() throws Exception {
        host.executable("dynamic", elf(62, "/lib64/no-loader.so.2"));
        host.script("x.sh", "#!/dynamic\n");

        assertFailure(
                127,
                "exec: \"/dynamic\": interpreter \"/lib64/no-loader.so.2\": no such file or directory",
                "/dynamic");
        assertFailure(
                127, "exec: \"/x.sh\": interpreter \"/lib64/no-loader.so.2\": no such file or directory", "/x.sh");
    }

    @Test
    void namesTheProcessorThatAProgramIsFor() throws Exception {
        host.executable("foreign", elf(FOREIGN_MACHINE, "/loader"));

        assertFailure(126, "exec: \"/foreign\": exec format error (it is built for machine 4660)", "/foreign");
    }

    @Test
    void refusesATextThatIsNoScript() throws Exception {
        host.script("text", "echo\n");

        assertFailure(126, "exec: \"/text\": exec format error", "/text");
    }

    @Test
    void refusesADirectory() throws Exception {
        assertFailure(126, "exec: \"/bin\": is a directory", "/bin");
    }

    /// What the search looks at is the container's: a link out of it leads nowhere.
    @Test
    void looksOnlyInsideTheRoot() throws Exception {
        host.script("x.sh", "#!/link\n");
        Path outside = Files.createFile(host.state().resolveSibling("outside"));
        Files.createSymbolicLink(host.state().resolveSibling("image/link"), outside);

        assertFailure(127, "exec: \"/x.sh\": interpreter \"/link\": no such file or directory", "/x.sh");
    }

    private static byte[] elf(int machine, String loader) {
        byte[] name = (loader + "\0").getBytes(StandardCharsets.US_ASCII);
        ByteBuffer file = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
        file.putShort(16, (short) 2); // ET_EXEC
        file.putShort(18, (short) machine);
        file.putInt(20, 1);
        file.putLong(24, 0x400200);
        file.putLong(32, 64); // program headers
        file.putShort(52, (short) 64);
        file.putShort(54, (short) 56);
        file.putShort(56, (short) 2);
        segment(file, 64, 3, 512, name.length); // PT_INTERP
        segment(file, 120, 1, 0, 4096); // PT_LOAD
        file.put(512, name);
        return file.array();
    }

    private static void segment(ByteBuffer file, int at, int type, long offset, long size) {
        file.putInt(at, type);
        file.putInt(at + 4, 5);
        file.putLong(at + 8, offset);
        file.putLong(at + 16, 0x400000 + offset);
        file.putLong(at + 24, 0x400000 + offset);
        file.putLong(at + 32, size);
        file.putLong(at + 40, size);
        file.putLong(at + 48, 4096);
    }
}
