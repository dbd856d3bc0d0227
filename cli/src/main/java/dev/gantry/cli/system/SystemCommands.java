package dev.gantry.cli.system;

import dev.gantry.cli.command.Command;
import dev.gantry.cli.command.Command.Completes;
import dev.gantry.cli.command.Operands;
import dev.gantry.cli.command.StandardFlags;
import dev.gantry.cli.option.Flag;
import dev.gantry.cli.option.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The table of commands about the daemon, and of those about everything.
public final class SystemCommands {
    private SystemCommands() {}

    /// `version`
    public static Command version() {
        return Command.of(
                        "version",
                        "[OPTIONS]",
                        "Show the versions of client and daemon",
                        Operands.NONE,
                        VersionCommand::run)
                .with(List.of(StandardFlags.inspectFormat()));
    }

    /// `info`
    public static Command info() {
        return Command.of("info", "[OPTIONS]", "Show what the daemon has and can", Operands.NONE, InfoCommand::run)
                .with(List.of(StandardFlags.inspectFormat()))
                .alsoKnownAs("system info", "info");
    }

    /// `events`
    public static Command events() {
        return Command.of("events", "[OPTIONS]", "Show what happens in the daemon", Operands.NONE, EventsCommand::run)
                .with(List.of(
                        StandardFlags.filter("f"),
                        Flag.of(
                                "format",
                                Kind.TEXT,
                                StandardFlags.inspectFormat().usage()),
                        Flag.of("since", Kind.TEXT, "Begin with events since a time"),
                        Flag.of("until", Kind.TEXT, "End at a time")))
                .alsoKnownAs("system events", "events");
    }

    /// `inspect`
    public static Command inspect() {
        return Command.of(
                        "inspect",
                        "[OPTIONS] NAME|ID [NAME|ID...]",
                        "Show everything about containers, images and other objects",
                        Operands.atLeast(1),
                        InspectCommand::any)
                .with(List.of(
                        StandardFlags.inspectFormat(),
                        StandardFlags.size(),
                        Flag.of("type", Kind.TEXT, "Kind of object to look for, such as \"container\" or \"image\"")))
                .completing(Completes.OBJECTS);
    }

    /// `explain`
    public static Command explain(Map<String, String> environment) {
        return ExplainCommand.group(environment);
    }

    /// The group `system`.
    ///
    /// @param disk commands about what takes space on the disk
    public static Command group(List<Command> disk) {
        List<Command> children = new ArrayList<>(List.of(CheckCommand.command(), events(), info()));
        children.addAll(disk);
        return Command.group("system", "Manage the daemon", children);
    }
}
