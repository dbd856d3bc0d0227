package dev.gantry.bundle;

import dev.gantry.oci.runtime.Process;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// What the command gets of the caller's descriptors, from 3 on: listening sockets by the protocol of
/// sd_listen_fds(3), then those that the caller names by their number.
///
/// @param listening how many sockets come first
record PreservedDescriptors(int count, int listening) {
    private static final int FIRST = 3;
    private static final String LISTEN_FDS = "LISTEN_FDS";
    private static final String LISTEN_PID = "LISTEN_PID";
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

    static PreservedDescriptors of(Flags flags) throws CommandException {
        String wanted = flags.last("preserve-fds").orElse("0");
        int listening = listening(System.getenv(), ProcessHandle.current().pid());
        try {
            int count = Math.addExact(listening, Integer.parseUnsignedInt(wanted));
            for (int i = FIRST; i < FIRST + count; i++) {
                requireCallers(i);
            }
            return new PreservedDescriptors(count, listening);
        } catch (NumberFormatException | ArithmeticException _) {
            throw new CommandException("invalid value for preserve-fds: " + wanted);
        }
    }

    /// How many sockets a process is told of. Variables that tell another one, or are malformed, tell it nothing.
    static int listening(Map<String, String> environment, long pid) {
        String sockets = environment.getOrDefault(LISTEN_FDS, "");
        if (!Long.toString(pid).equals(environment.get(LISTEN_PID))
                || !NUMBER.matcher(sockets).matches()) {
            return 0;
        }
        return Integer.parseInt(sockets);
    }

    /// The JVM has opened its own files under the first numbers that were free, and leaves some of them open in
    /// processes that it starts.
    private static void requireCallers(int number) throws CommandException {
        Path link = Path.of("/proc/self/fd", Integer.toString(number));
        try {
            if (!Files.readSymbolicLink(link).startsWith(System.getProperty("java.home"))) {
                return;
            }
        } catch (IOException _) {
            // there is none
        }
        throw new CommandException("preserved descriptor " + number + " is not open");
    }

    /// Tells a process of its sockets.
    Process announcedTo(Process process) {
        if (listening == 0) {
            return process;
        }
        List<String> environment = new ArrayList<>(process.env());
        environment.add(LISTEN_FDS + "=" + listening);
        environment.add(LISTEN_PID + "=1");
        return process.withEnv(environment);
    }
}
