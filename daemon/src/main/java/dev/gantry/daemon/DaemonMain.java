package dev.gantry.daemon;

import dev.gantry.engine.EngineException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/// `gantry daemon`: dockerd's flags, one exit code.
public final class DaemonMain {
    private static final int WRONG_USAGE = 125;

    private DaemonMain() {}

    /// Runs the daemon in the foreground; ends with 0 after an orderly stop, else with 1 or 125 and one sentence.
    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments), new PrintStream(new FileOutputStream(FileDescriptor.out))));
    }

    private static int run(List<String> arguments, PrintStream out) {
        Settings settings;
        try {
            settings = Settings.read(arguments);
        } catch (UsageException | IOException e) {
            return complain(e, WRONG_USAGE);
        }
        if (settings.isOn("help")) {
            out.print(Help.text());
            return 0;
        }
        if (settings.isOn("version")) {
            out.println(
                    "Gantry version " + Daemon.version() + ", build " + System.getProperty("gantry.commit", "unknown"));
            return 0;
        }
        try {
            new Daemon(settings).run();
            return 0;
        } catch (UsageException | IOException | EngineException e) {
            return complain(e, 1);
        } catch (InterruptedException _) {
            return 1;
        }
    }

    private static int complain(Exception failure, int code) {
        new PrintStream(new FileOutputStream(FileDescriptor.err)).println("gantry daemon: " + failure.getMessage());
        return code;
    }
}
