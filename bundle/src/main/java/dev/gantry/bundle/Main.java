package dev.gantry.bundle;

import dev.gantry.oci.runtime.Spec;
import dev.gantry.runtime.LaunchException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Where `gantry runtime` begins.
public final class Main {
    private static final String DEFAULT_ROOT = "/run/gantry/runtime";

    private static final Flags.Known GLOBAL = new Flags.Known(
                    Set.of("debug", "systemd-cgroup", "version", "help"),
                    Set.of("root", "log", "log-format", "rootless", "criu"),
                    Map.of("v", "version", "h", "help"))
            .beforeOperands();

    private static final Map<String, Command> COMMANDS = Map.ofEntries(
            Map.entry("create", CreateCommands.CREATE),
            Map.entry("start", CreateCommands.START),
            Map.entry("run", CreateCommands.RUN),
            Map.entry("state", StateCommands.STATE),
            Map.entry("list", StateCommands.LIST),
            Map.entry("spec", DescriptionCommands.SPEC),
            Map.entry("features", DescriptionCommands.FEATURES),
            Map.entry("exec", ExecCommand.EXEC),
            Map.entry("kill", ProcessCommands.KILL),
            Map.entry("ps", ProcessCommands.PS),
            Map.entry("pause", ProcessCommands.PAUSE),
            Map.entry("resume", ProcessCommands.RESUME),
            Map.entry("events", EventsCommand.EVENTS),
            Map.entry("update", UpdateCommand.UPDATE),
            Map.entry("delete", ProcessCommands.DELETE));

    private static final Set<String> NOT_THERE = Set.of("checkpoint", "restore");

    /// Commands whose standard error is a container's, too: what it gets is to be the container's own words.
    private static final Set<String> GIVING_STREAMS = Set.of("create", "run", "exec");

    /// Of a word that is no command.
    private static final int UNKNOWN_COMMAND = 3;

    private Main() {}

    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        int code = run(List.of(arguments), out, System.err);
        out.flush();
        Runtime.getRuntime().halt(code);
    }

    static int run(List<String> arguments, PrintStream out, PrintStream err) {
        Log log = new Log(null, false, true, err);
        int failure = 1;
        boolean debug = false;
        try {
            Flags global = Flags.parse(GLOBAL, arguments);
            log = log(global, err);
            debug = global.isSet("debug");
            if (global.isSet("version")) {
                out.println(version());
                return 0;
            }
            if (global.isSet("help") || global.operands().isEmpty()) {
                out.println(
                        "usage: gantry runtime [--root DIR] [--log FILE] [--log-format text|json] COMMAND [ARG...]\n"
                                + "commands: "
                                + String.join(
                                        " ", COMMANDS.keySet().stream().sorted().toList()));
                return 0;
            }
            CreateCommands.refuse(global, "systemd-cgroup");
            if (global.last("rootless").orElse("auto").equals("true")) {
                throw new CommandException("--rootless is not supported");
            }
            String name = global.operands().getFirst();
            Command command = COMMANDS.get(name);
            if (command == null && NOT_THERE.contains(name)) {
                throw new CommandException(name + " is not supported");
            }
            failure = command == null ? UNKNOWN_COMMAND : command.failure();
            if (command == null) {
                throw new CommandException("no such command: " + name);
            }
            List<String> rest = global.operands().subList(1, global.operands().size());
            return command.body().run(new Context(root(global), out, log), Flags.parse(command.known(), rest));
        } catch (CommandException | LaunchException e) {
            log.error(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            log.error(e.getMessage() == null ? e.toString() : e.getMessage());
        } catch (RuntimeException e) { // nobody has foreseen it, and yet the caller looks for the reason in the log
            log.error(e.toString());
            if (debug) {
                e.printStackTrace(err);
            }
        }
        return failure;
    }

    private static Log log(Flags global, PrintStream err) {
        return new Log(
                global.last("log").filter(file -> !file.isEmpty()).map(Path::of).orElse(null),
                global.last("log-format").orElse("text").equals("json"),
                global.isSet("debug")
                        || global.operands().isEmpty()
                        || !GIVING_STREAMS.contains(global.operands().getFirst()),
                err);
    }

    private static String version() {
        return "gantry runtime version " + System.getProperty("gantry.version", "0.1.0") + "\ncommit: "
                + System.getProperty("gantry.commit", "unknown") + "\nspec: " + Spec.VERSION;
    }

    private static Path root(Flags global) {
        return Path.of(global.last("root").orElse(DEFAULT_ROOT)).toAbsolutePath();
    }
}
