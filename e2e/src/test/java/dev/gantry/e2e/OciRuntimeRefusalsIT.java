package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// Values of a bundle's configuration that `gantry runtime` refuses, and that leave nothing behind.
class OciRuntimeRefusalsIT extends OciRuntimeCalls {
    @BeforeEach
    void haveACommand() throws IOException {
        bundle.command("true");
    }

    private void refuses(Consumer<ObjectNode> change, String words) throws IOException {
        bundle.configure(change);

        Result result = runtime.run("run", "--bundle", bundle.path().toString(), ID);

        assertThat(result.exit()).as(result::toString).isEqualTo(1);
        assertThat(result.err()).endsWith(words + "\n").doesNotContain("\tat ");
        assertThat(runtime.run("list", "--quiet").out()).isEmpty();
    }

    @Test
    void refusesSharesThatTheKernelDoesNotHave() throws IOException {
        assumeFalse(Cgroups.unified(), "host: it has no cgroup v1");
        Map<Integer, String> refusals =
                Map.of(1, "the minimum allowed cpu-shares is 2", 300_000, "the maximum allowed cpu-shares is 262144");

        for (Map.Entry<Integer, String> each : refusals.entrySet()) {
            refuses(
                    spec -> spec.withObject("/linux/resources/cpu").put("shares", each.getKey()),
                    "linux.resources.cpu.shares: " + each.getValue());
        }
    }

    @Test
    void refusesVariablesThatAreNone() throws IOException {
        Map<String, String> refusals = Map.of(
                "X", "invalid environment variable: \"X\"",
                "=x", "environment variable name can't be empty: \"=x\"",
                "A=b\0c", "environment variable can't contain a zero byte: \"A=b\\0c\"");

        for (Map.Entry<String, String> each : refusals.entrySet()) {
            refuses(
                    spec -> spec.withObject("/process").putArray("env").add(each.getKey()),
                    "process.env: " + each.getValue());
        }
    }

    /// The kernel would take what is before it.
    @Test
    void refusesZeroBytes() throws IOException {
        Path file = bundle.path().resolve("config.json");
        String before = Files.readString(file);
        Map<String, Consumer<ObjectNode>> wrong = Map.of(
                "process.args[1]",
                spec -> spec.withObject("/process").putArray("args").add("true").add("a\0b"),
                "process.cwd",
                spec -> spec.withObject("/process").put("cwd", "a\0b"),
                "hostname",
                spec -> spec.put("hostname", "a\0b"),
                "mounts[0].destination",
                spec -> spec.putArray("mounts").addObject().put("type", "tmpfs").put("destination", "a\0b"),
                "root.path",
                spec -> spec.withObject("/root").put("path", "a\0b"),
                "a name in linux.sysctl",
                spec -> spec.withObject("/linux/sysctl").put("a\0b", "1"));

        for (Map.Entry<String, Consumer<ObjectNode>> each : wrong.entrySet()) {
            refuses(each.getValue(), each.getKey() + " can't contain a zero byte: \"a\\0b\"");
            Files.writeString(file, before);
        }
    }

    /// chown(2) takes the last number for "unchanged".
    @Test
    void refusesDevicesWhoseOwnerIsNone() throws IOException {
        for (String kind : List.of("uid", "gid")) {
            for (long id : new long[] {-1, 4_294_967_295L, 99_999_999_999L}) {
                refuses(
                        spec -> spec.withObject("/linux")
                                .putArray("devices")
                                .addObject()
                                .put("path", "/dev/own")
                                .put("type", "c")
                                .put("major", 1)
                                .put("minor", 3)
                                .put(kind, id),
                        "linux.devices: " + kind + " " + id + " of /dev/own is none: it is outside of 0 to 4294967294");
            }
        }
    }
}
