package dev.gantry.cli;

import dev.gantry.cli.command.Catalogue;
import dev.gantry.cli.command.Command;
import dev.gantry.cli.command.CommandException;
import dev.gantry.cli.command.Completion;
import dev.gantry.cli.command.Operands;
import dev.gantry.cli.container.ContainerCommands;
import dev.gantry.cli.disk.DiskUsageCommand;
import dev.gantry.cli.disk.SystemPruneCommand;
import dev.gantry.cli.files.FileCommands;
import dev.gantry.cli.image.ImageCommands;
import dev.gantry.cli.option.Flag;
import dev.gantry.cli.option.Kind;
import dev.gantry.cli.registry.RegistryCommands;
import dev.gantry.cli.system.SystemCommands;
import dev.gantry.cli.volume.VolumeCommands;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Every command of the program.
public final class Commands {
    /// Docker's commands that are not here, and what each is about.
    private static final Map<String, String> ABSENT = Map.ofEntries(
            Map.entry("build", "building images"),
            Map.entry("builder", "building images"),
            Map.entry("buildx", "building images"),
            Map.entry("checkpoint", "checkpoints"),
            Map.entry("compose", "compose files"),
            Map.entry("config", "swarm mode"),
            Map.entry("context", "contexts"),
            Map.entry("network", "networks other than none and host"),
            Map.entry("node", "swarm mode"),
            Map.entry("plugin", "plugins"),
            Map.entry("secret", "swarm mode"),
            Map.entry("service", "swarm mode"),
            Map.entry("stack", "swarm mode"),
            Map.entry("swarm", "swarm mode"),
            Map.entry("trust", "signed images"));

    private Commands() {}

    /// All of them, for that environment (defaults and bare names of `--env` come from it).
    public static Catalogue catalogue(Map<String, String> environment) {
        List<Command> common = List.of(
                ContainerCommands.run(environment),
                ContainerCommands.exec(environment),
                ContainerCommands.list(),
                ImageCommands.list(),
                SystemCommands.version(),
                SystemCommands.info());
        List<Command> groups = List.of(
                ContainerCommands.group(environment),
                ImageCommands.group(),
                SystemCommands.group(List.of(DiskUsageCommand.command(), SystemPruneCommand.command())),
                VolumeCommands.group(),
                SystemCommands.explain(environment),
                completion(environment));
        List<Command> others = new ArrayList<>(ContainerCommands.others(environment));
        others.addAll(FileCommands.all());
        others.addAll(ImageCommands.others());
        others.addAll(RegistryCommands.all());
        others.add(SystemCommands.events());
        others.add(SystemCommands.inspect());
        others.add(daemon());
        return new Catalogue(globalFlags(), common, groups, others, Commands::absent);
    }

    private static List<Flag> globalFlags() {
        return List.of(
                Flag.of("config", Kind.TEXT, "Directory of the client's configuration"),
                Flag.of("context", "c", Kind.TEXT, "Context to use; there is only \"default\""),
                Flag.of("debug", "D", Kind.BOOL, "Show more of what happens"),
                Flag.of("host", "H", Kind.LIST, "Address of the daemon, unix://PATH or tcp://HOST:PORT"),
                Flag.of("log-level", "l", Kind.TEXT, "Level of messages").withDefault("info"),
                Flag.of("version", "v", Kind.BOOL, "Print the version and end"));
    }

    private static Command completion(Map<String, String> environment) {
        return Command.group(
                "completion",
                "Print completion scripts for shells",
                List.of(Command.of(
                        "bash",
                        "",
                        "Print the completion script for bash: source <(gantry completion bash)",
                        Operands.NONE,
                        (session, _) -> {
                            session.out().print(Completion.bash(catalogue(environment)));
                            return 0;
                        })));
    }

    /// The launcher runs the daemon itself; this entry is for help and completion.
    private static Command daemon() {
        return Command.of(
                        "daemon",
                        "[OPTIONS]",
                        "Run the daemon in the foreground, with dockerd's flags",
                        Operands.ANY,
                        (_, _) -> {
                            throw new CommandException(
                                    "gantry: the daemon is started by the launcher script, ./gantry daemon");
                        })
                .withFlagsFirst();
    }

    private static Optional<String> absent(List<String> words) {
        String about = ABSENT.get(words.getLast());
        return about == null
                ? Optional.empty()
                : Optional.of(
                        "'gantry " + String.join(" ", words) + "' is not there yet: later versions bring " + about);
    }
}
