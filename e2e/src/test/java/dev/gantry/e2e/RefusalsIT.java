package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Bad input: Docker's exit code, an error that names the cause, and no container that stays.
@EverySetup
class RefusalsIT extends EndToEnd {
    @Test
    void nameAnUnknownImage() throws IOException {
        assertThat(fails(125, "run", "--pull", "never", "nosuchimage", "true"))
                .containsIgnoringCase("no such image: nosuchimage:latest");
        assertThat(fails(1, "create", "--pull", "never", "nosuchimage:1", "true"))
                .containsIgnoringCase("no such image: nosuchimage:1");
        assertThat(fails(1, "image", "inspect", "nosuchimage")).containsIgnoringCase("no such image: nosuchimage");
        leavesNoContainer();
    }

    @Test
    void nameAMissingCommand() throws IOException {
        assertThat(fails(127, "run", "--rm", IMAGE, "/no/such/command"))
                .contains("/no/such/command")
                .contains("no such file or directory");
        leavesNoContainer();
    }

    @Test
    void nameADirectoryAsCommand() throws IOException {
        assertThat(fails(126, "run", "--rm", IMAGE, "/etc")).contains("/etc").containsAnyOf("permission", "directory");
        leavesNoContainer();
    }

    @Test
    void nameAScriptsMissingInterpreter() throws IOException {
        String image = image("#!/opt/missing/interpreter -x\necho never\n".getBytes(StandardCharsets.UTF_8));
        Result result = call("run", "--rm", image, "/program");
        assertThat(result.err()).contains("no such file or directory");
        // runc starts the container before it knows, so dockerd 20.10 has its init's exit code
        assertThat(result.exit()).as(result::toString).isIn(setup.onGantry() ? 127 : 255, setup.onGantry() ? 127 : 1);
        if (setup.onGantry()) {
            assertThat(result.err()).contains("/program", "/opt/missing/interpreter");
        }
        ok("rmi", image);
        leavesNoContainer();
    }

    @Test
    void nameABinaryOfAnotherArchitecture() throws IOException {
        String image = image(foreignBinary());
        Result result = call("run", "--rm", image, "/program");
        assertThat(result.err()).contains("exec format error");
        // Docker's clients have 126 for two texts only, and this is none of them
        assertThat(result.exit()).as(result::toString).isIn(setup.onGantry() ? 125 : 255, setup.onGantry() ? 125 : 1);
        if (setup.onGantry()) {
            assertThat(result.err()).contains("/program");
        }
        ok("rmi", image);
        leavesNoContainer();
    }

    @Test
    void nameABadMountSource() throws IOException {
        assertThat(fails(125, "run", "--rm", "--mount", "type=bind,src=/no/such/source,dst=/x", IMAGE, "true"))
                .contains("bind source path does not exist: /no/such/source");
        assertThat(fails(125, "run", "--rm", "-v", "/proc/version/below:/x", IMAGE, "true"))
                .contains("/proc/version");
        leavesNoContainer();
    }

    @Test
    void nameTheOwnerOfANameInUse() throws IOException {
        String name = background("sleep 60");
        String id = inspect(name).at("/Id").asString();
        assertThat(fails(125, "run", "--rm", "--name", name, IMAGE, "true"))
                .contains("The container name \"/" + name + "\" is already in use by container \"" + id + "\"");
        assertThat(ok("ps", "-a", "-q").lines()).hasSize(1);
    }

    @Test
    void nameALimitUnderTheMinimum() throws IOException {
        assertThat(fails(125, "run", "--rm", "-m", "6143k", IMAGE, "true"))
                .containsIgnoringCase("minimum memory limit allowed is 6MB");
        assertThat(fails(125, "run", "--rm", "--cpus", "1000", IMAGE, "true"))
                .containsIgnoringCase("range of cpus is from 0.01 to");
        assertThat(fails(125, "run", "--rm", "--cpuset-cpus", "999", IMAGE, "true"))
                .contains("999");
        leavesNoContainer();
    }

    @Test
    void nameAnUnknownUserAndDevice() throws IOException {
        assertThat(call("run", "--rm", "-u", "nosuchuser", IMAGE, "true").err()).contains("nosuchuser");
        // the clients take every "no such file or directory" for the command's
        assertThat(fails(127, "run", "--rm", "--device", "/dev/nosuchdevice", IMAGE, "true"))
                .contains("/dev/nosuchdevice");
        leavesNoContainer();
    }

    @Test
    void nameAnUnknownContainer() throws IOException {
        for (String command : new String[] {"start", "stop", "kill", "pause", "rm", "logs", "top", "port", "wait"}) {
            assertThat(fails(1, command, "nosuchcontainer")).containsIgnoringCase("no such container: nosuchcontainer");
        }
        assertThat(fails(1, "exec", "nosuchcontainer", "true")).containsIgnoringCase("no such container");
        assertThat(fails(1, "inspect", "nosuchcontainer")).containsIgnoringCase("no such object: nosuchcontainer");
    }

    @Test
    void keepAContainerThatDidNotStartUnlessItIsToBeRemoved() throws IOException {
        String name = newName();
        fails(127, "run", "--name", name, IMAGE, "/no/such/command");
        assertThat(status(name)).isEqualTo("created");
        assertThat(inspect(name).at("/State/ExitCode").asInt()).isEqualTo(127);
        assertThat(inspect(name).at("/State/Error").asString()).contains("/no/such/command");
    }

    private void leavesNoContainer() throws IOException {
        assertThat(ok("ps", "-a", "-q")).isEmpty();
    }

    private String image(byte[] program) throws IOException {
        String name = newName();
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("program", program);
        Result result = setup.client().callWithInput(BusyboxImage.tar(files), "import", "-", name);
        assertThat(result.exit()).as(result::toString).isZero();
        return name;
    }

    /// An ELF header of a 64-bit executable for IBM's S/390, which neither x86-64 nor aarch64 runs.
    private static byte[] foreignBinary() {
        byte[] elf = new byte[4096];
        byte[] head = {0x7f, 'E', 'L', 'F', 2, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 22, 0, 0, 0, 1};
        System.arraycopy(head, 0, elf, 0, head.length);
        return elf;
    }
}
