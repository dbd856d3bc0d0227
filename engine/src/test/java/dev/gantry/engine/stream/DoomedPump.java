package dev.gantry.engine.stream;

import dev.gantry.engine.log.ContainerLog;
import dev.gantry.engine.log.LogDriver;
import dev.gantry.engine.log.LogSettings;
import dev.gantry.kernel.HostFiles;
import dev.gantry.kernel.OpenMode;
import dev.gantry.kernel.PolledInput;
import dev.gantry.kernel.Poller;
import java.nio.file.Path;

/// A process that takes output from a named pipe to a log, as a daemon would, until its end or until it is killed.
final class DoomedPump {
    private DoomedPump() {}

    /// Takes the output to its end.
    ///
    /// @param arguments the pipe, the log, the directory of the journals
    public static void main(String[] arguments) throws Exception {
        var log = new ContainerLog(
                Path.of(arguments[1]),
                new LogSettings(LogDriver.JSON_FILE, 100_000_000, 50, ""),
                Path.of(arguments[2]));
        try (Poller poller = Poller.start("descriptors")) {
            var pipe = HostFiles.open(Path.of(arguments[0]), OpenMode.READ, OpenMode.NON_BLOCKING);
            try (var process = new PipedProcess(new PolledInput(poller, pipe), null)) {
                log.reopen();
                OutputPump.start(process, new ProcessStreams(false, false), log).awaitEnd();
                log.close();
            }
        }
    }
}
