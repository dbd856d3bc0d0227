package dev.gantry.cli.start;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Where the daemon that commands start has its files: in the usual directories of the host, or all below the directory
/// that the variable `GANTRY_ROOT` names, so that one more daemon can stand beside the host's own.
///
/// @param flags what the daemon is told about it
public record DaemonPlace(Path socket, Path pidFile, Path log, List<String> flags) {
    private static final String VARIABLE = "GANTRY_ROOT";

    public DaemonPlace {
        flags = List.copyOf(flags);
    }

    /// The place that an environment names.
    public static DaemonPlace of(Map<String, String> environment) {
        String root = environment.getOrDefault(VARIABLE, "");
        if (root.isEmpty()) {
            return in(Path.of("/run/gantry"), Path.of("/var/log/gantry/daemon.log"), List.of());
        }
        Path directory = Path.of(root).toAbsolutePath().normalize();
        Path run = directory.resolve("run");
        return in(
                run,
                directory.resolve("daemon.log"),
                List.of("--data-root", directory.resolve("data").toString(), "--exec-root", run.toString()));
    }

    private static DaemonPlace in(Path run, Path log, List<String> roots) {
        Path pidFile = run.resolve("gantry.pid");
        var flags = new ArrayList<>(roots);
        flags.addAll(List.of("--pidfile", pidFile.toString()));
        return new DaemonPlace(run.resolve("gantry.sock"), pidFile, log, flags);
    }

    /// Where clients find it.
    public String address() {
        return "unix://" + socket;
    }
}
