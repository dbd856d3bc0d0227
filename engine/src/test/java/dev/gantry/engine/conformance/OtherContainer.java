package dev.gantry.engine.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Namespaces that containers join, and the first process in them.
final class OtherContainer implements AutoCloseable {
    private final Process process;

    private OtherContainer(Process process) {
        this.process = process;
    }

    static OtherContainer start() throws IOException {
        // parameters that whoever joins sees
        String script =
                "ip link set lo up; echo 77 > /proc/sys/net/core/somaxconn; echo 7777 > /proc/sys/kernel/msgmax;"
                        + " echo ready; exec sleep 1000";
        Process process = new ProcessBuilder(
                        "unshare", "--net", "--ipc", "--pid", "--fork", "--kill-child", "sh", "-c", script)
                .redirectErrorStream(true)
                .start();
        OtherContainer made = new OtherContainer(process);
        String first = process.inputReader().readLine();
        if (!"ready".equals(first)) {
            made.close();
            throw new IOException("the other container: " + first);
        }
        return made;
    }

    /// The files of the namespaces, by the engine's names.
    Map<String, String> namespaces() throws IOException {
        long parent = process.pid();
        String child = Files.readString(Path.of("/proc/" + parent + "/task/" + parent + "/children"))
                .strip();
        String directory = "/proc/" + child + "/ns/";
        return Map.of("network", directory + "net", "ipc", directory + "ipc", "pid", directory + "pid");
    }

    @Override
    public void close() {
        // unshare(1) ignores SIGTERM while it waits; its end kills the other process
        process.destroyForcibly();
        process.onExit().join();
    }
}
