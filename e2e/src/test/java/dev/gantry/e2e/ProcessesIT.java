package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The process of a container: environment, user, directory, names.
@EverySetup
class ProcessesIT extends EndToEnd {
    @Test
    void haveTheDefaultEnvironment() throws IOException {
        assertThat(inside("env | grep -v '^SHLVL\\|^PWD' | sort", "-h", "inside"))
                .isEqualTo(
                        "HOME=/root\nHOSTNAME=inside\nPATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    }

    @Test
    void haveTheVariablesOfFlagsAndFiles() throws IOException {
        Path file = Files.writeString(
                setup.daemon().directory().resolve(newName()), "# comment\nA=from file\nB=file\n\nHOME\n");
        String out = inside("echo \"$A|$B|$C\"", "--env-file", file.toString(), "-e", "B=flag", "--env", "C=a=b c");
        Files.delete(file);
        assertThat(out).isEqualTo("from file|flag|a=b c");
    }

    @Test
    void haveTheHomeOfTheirUserInPlaceOfAnEmptyOne() throws IOException {
        assertThat(inside("env | grep HOME", "-e", "HOME=")).isEqualTo("HOME=/root");
        String name = background("sleep 60", "-e", "HOME=", "-u", "postgres");
        assertThat(ok("exec", "-e", "HOME=", name, "sh", "-c", "echo $HOME")).isEqualTo("/var/lib/postgres");
        assertThat(inspect(name).at("/Config/Env").toString()).contains("\"HOME=\"");
    }

    @Test
    void startInTheirDirectoryWhichIsMade() throws IOException {
        assertThat(inside("pwd")).isEqualTo("/");
        assertThat(inside("pwd", "-w", "/made/for/this")).isEqualTo("/made/for/this");
        assertThat(fails(125, "run", "--rm", "-w", "relative", IMAGE, "true")).contains("absolute path");
    }

    @Test
    void runAsTheUserAndGroupsAskedFor() throws IOException {
        assertThat(inside("id", "-u", "www-data"))
                .isEqualTo("uid=33(www-data) gid=33(www-data) groups=4(adm),29(audio),33(www-data)");
        assertThat(inside("id -u; id -g; echo $HOME", "-u", "postgres:users")).isEqualTo("70\n100\n/var/lib/postgres");
        assertThat(inside("id -u; id -g; id -G", "-u", "4242")).isEqualTo("4242\n0\n0");
        assertThat(inside("id -G", "-u", "4242:4243", "--group-add", "audio", "--group-add", "777"))
                .isEqualTo("4243 29 777");
    }

    // GHSA-265r: a user beyond 32 bits became root
    @Test
    void refuseAUserThatDoesNotExistOrIsTooLarge() throws IOException {
        assertThat(call("run", "--rm", "-u", "nosuchuser", IMAGE, "true").err())
                .contains("unable to find user nosuchuser");
        assertThat(call("run", "--rm", "-u", "4294967296", IMAGE, "id", "-u").exit())
                .isNotZero();
    }

    @Test
    void knowTheirHost() throws IOException {
        assertThat(inside("hostname; cat /etc/hostname", "-h", "box")).isEqualTo("box\nbox");
        String id = ok("run", "-d", IMAGE, "hostname");
        ok("wait", id);
        assertThat(logOf(id).strip()).isEqualTo(id.substring(0, 12));
        assertThat(inside("cat /etc/hosts", "--add-host", "other:10.1.2.3"))
                .contains("127.0.0.1\tlocalhost")
                .contains("10.1.2.3\tother");
    }

    @Test
    void haveOnlyLoopbackWithoutANetwork() throws IOException {
        assertThat(inside("ls /sys/class/net", "--network", "none")).isEqualTo("lo");
        assertThat(inside("ip -o addr show lo | grep -c 127.0.0.1", "--network", "none"))
                .isEqualTo("1");
    }

    @Test
    void takeTheEntrypointInFrontOfTheirCommand() throws IOException {
        assertThat(ok("run", "--rm", "--entrypoint", "echo", IMAGE, "one", "two"))
                .isEqualTo("one two");
    }

    @Test
    void areListedByTop() throws IOException {
        String name = background("sleep 61 & sleep 62");
        Waiting.until(() -> ok("top", name).contains("sleep 61"), () -> "no second process");
        assertThat(ok("top", name)).startsWith("UID").contains("sleep 62");
        assertThat(ok("top", name, "-o", "pid,comm")
                        .lines()
                        .findFirst()
                        .orElseThrow()
                        .strip())
                .matches("PID\\s+COMMAND");
    }

    @Test
    void haveTheLabelsAndStopSignalThatInspectShows() throws IOException {
        String name = newName();
        ok(
                "create",
                "--name",
                name,
                "--label",
                "a=1",
                "-l",
                "b",
                "--stop-signal",
                "INT",
                "--stop-timeout",
                "3",
                IMAGE,
                "true");
        assertThat(inspect(name).at("/Config/Labels").toString()).isEqualTo("{\"a\":\"1\",\"b\":\"\"}");
        assertThat(inspect(name).at("/Config/StopSignal").asString()).isEqualTo("INT");
        assertThat(inspect(name).at("/Config/StopTimeout").asInt()).isEqualTo(3);
        assertThat(ok("inspect", "-f", "{{index .Config.Labels \"a\"}} {{.State.Status}}", name))
                .isEqualTo("1 created");
    }
}
