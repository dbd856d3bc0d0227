package dev.gantry.cli;

import dev.gantry.cli.command.CommandException;
import dev.gantry.cli.command.Dispatcher;
import dev.gantry.cli.command.Session;
import dev.gantry.cli.engine.Engine;
import dev.gantry.cli.http.Endpoint;
import dev.gantry.cli.option.Arguments;
import dev.gantry.cli.start.DaemonPlace;
import dev.gantry.cli.start.DaemonStarter;
import dev.gantry.cli.start.Training;
import dev.gantry.cli.stream.StandardOutput;
import dev.gantry.cli.stream.Tty;
import dev.gantry.cli.system.Build;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Where the `gantry` command begins.
public final class Main {
    private static final int BUFFER = 16 * 1024;
    private static final int USUAL_COLUMNS = 80;

    private Main() {}

    /// Runs the command line and ends the JVM at once, without its shutdown sequence: it costs some milliseconds.
    public static void main(String[] arguments) throws IOException {
        OutputStream output = new StandardOutput();
        if (Boolean.getBoolean("gantry.training")) {
            Training.run(words -> {
                int _ = run(words, output);
            });
            Runtime.getRuntime().halt(0);
        }
        int code = run(List.of(arguments), output);
        Tty.restore();
        Runtime.getRuntime().halt(code);
    }

    private static int run(List<String> words, OutputStream output) {
        PrintStream out = new PrintStream(new BufferedOutputStream(output, BUFFER), false, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        Map<String, String> environment = environment();
        Dispatcher dispatcher = new Dispatcher(Commands.catalogue(environment), out, err, columns(words));
        int code = dispatcher.run(
                words,
                Build.line(),
                global -> new Session(
                        new FileInputStream(FileDescriptor.in),
                        output,
                        out,
                        err,
                        environment,
                        configuration(global, environment),
                        engine(global, environment, err),
                        global.isSet("debug")));
        out.flush();
        return code;
    }

    /// The caller's environment: `./gantry` has given the JVM a locale of its own.
    private static Map<String, String> environment() {
        String locale = System.getProperty("gantry.locale");
        if (locale == null) {
            return System.getenv();
        }
        Map<String, String> environment = new HashMap<>(System.getenv());
        if (locale.isEmpty()) {
            environment.remove("LC_ALL");
        } else {
            environment.put("LC_ALL", locale);
        }
        return environment;
    }

    /// Only help is wrapped to the width of the screen, so only help asks for it.
    private static int columns(List<String> words) {
        boolean help = words.isEmpty() || words.contains("--help") || words.contains("-h") || words.contains("help");
        int columns = help && Tty.isTerminal(1) ? Tty.size().columns() : 0;
        return columns == 0 ? USUAL_COLUMNS : columns;
    }

    private static Path configuration(Arguments global, Map<String, String> environment) {
        String given = global.text("config");
        if (!given.isEmpty()) {
            return Path.of(given);
        }
        String variable = environment.getOrDefault("DOCKER_CONFIG", "");
        return variable.isEmpty() ? Path.of(environment.getOrDefault("HOME", "/root"), ".docker") : Path.of(variable);
    }

    private static Engine engine(Arguments global, Map<String, String> environment, PrintStream err)
            throws CommandException {
        List<String> hosts = global.list("host");
        String context = global.text("context");
        if (!hosts.isEmpty() && !context.isEmpty()) {
            throw new CommandException("conflicting options: cannot specify both --host and --context");
        }
        if (hosts.size() > 1) {
            throw new CommandException("specify only one -H");
        }
        if (!context.isEmpty() && !context.equals("default")) {
            throw new CommandException("context \"" + context + "\": context not found: only \"default\" exists");
        }
        DaemonPlace place = DaemonPlace.of(environment);
        String address = context.isEmpty() ? address(hosts, environment, place) : place.address();
        try {
            return new Engine(
                    Endpoint.parse(address),
                    environment.getOrDefault("DOCKER_API_VERSION", ""),
                    new DaemonStarter(
                            System.getProperty("gantry.launcher", ""),
                            place,
                            "root".equals(System.getProperty("user.name")),
                            err));
        } catch (IllegalArgumentException e) {
            throw new CommandException("Failed to initialize: unable to resolve docker endpoint: " + e.getMessage());
        }
    }

    private static String address(List<String> hosts, Map<String, String> environment, DaemonPlace place) {
        if (!hosts.isEmpty()) {
            return hosts.getFirst();
        }
        String own = environment.getOrDefault("GANTRY_HOST", "");
        String docker = environment.getOrDefault("DOCKER_HOST", "");
        if (!own.isEmpty()) {
            return own;
        }
        return docker.isEmpty() ? place.address() : docker;
    }
}
