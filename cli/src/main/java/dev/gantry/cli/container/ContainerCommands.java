package dev.gantry.cli.container;

import dev.gantry.cli.command.Command;
import dev.gantry.cli.command.Command.Completes;
import dev.gantry.cli.command.Operands;
import dev.gantry.cli.command.StandardFlags;
import dev.gantry.cli.create.ExecRequest;
import dev.gantry.cli.create.RunFlags;
import dev.gantry.cli.files.FileCommands;
import dev.gantry.cli.option.Flag;
import dev.gantry.cli.option.Kind;
import dev.gantry.cli.system.InspectCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The table of commands about containers.
public final class ContainerCommands {
    private static final String SOME = "CONTAINER [CONTAINER...]";

    private ContainerCommands() {}

    /// `run`
    public static Command run(Map<String, String> environment) {
        return Command.of(
                        "run",
                        "[OPTIONS] IMAGE [COMMAND] [ARG...]",
                        "Create a container from an image and run it",
                        Operands.atLeast(1),
                        RunCommand::run)
                .with(RunFlags.forRun(environment))
                .withFlagsFirst()
                .completing(Completes.IMAGE_THEN_COMMAND)
                .alsoKnownAs("container run", "run");
    }

    /// `exec`
    public static Command exec(Map<String, String> environment) {
        return Command.of(
                        "exec",
                        "[OPTIONS] CONTAINER COMMAND [ARG...]",
                        "Run a further command in a running container",
                        Operands.atLeast(2),
                        ExecCommand::run)
                .with(ExecRequest.flags(environment))
                .withFlagsFirst()
                .completing(Completes.RUNNING)
                .alsoKnownAs("container exec", "exec");
    }

    /// `ps`, which is `container ls` in its group.
    public static Command list() {
        return Command.of("ps", "[OPTIONS]", "List containers", Operands.NONE, ListCommand::run)
                .with(List.of(
                        Flag.of("all", "a", Kind.BOOL, "Show all containers, not only running ones"),
                        StandardFlags.filter("f"),
                        StandardFlags.tableFormat(),
                        Flag.of("last", "n", Kind.INT, "Show the newest containers in any state, that many")
                                .withDefault("-1"),
                        Flag.of("latest", "l", Kind.BOOL, "Show the newest container in any state"),
                        Flag.of("no-trunc", Kind.BOOL, "Show everything in full length"),
                        Flag.of("quiet", "q", Kind.BOOL, "Show IDs alone"),
                        Flag.of("size", "s", Kind.BOOL, "Show how much the files take")))
                .alsoKnownAs("container ls", "container list", "container ps", "ps");
    }

    /// The commands that are also at the top, without the three above.
    public static List<Command> others(Map<String, String> environment) {
        return List.of(
                attach(),
                create(environment),
                many("kill", "Send a signal to running containers", ManyCommands::kill, Completes.RUNNING)
                        .with(List.of(signal())),
                logs(),
                many("pause", "Freeze all processes of containers", ManyCommands::pause, Completes.RUNNING),
                port(),
                rename(),
                many("restart", "Stop containers and start them again", ManyCommands::restart, Completes.CONTAINERS)
                        .with(List.of(signal(), timeout(), oldTimeout())),
                remove(),
                start(),
                stats(),
                many("stop", "Stop running containers", ManyCommands::stop, Completes.RUNNING)
                        .with(List.of(signal(), timeout(), oldTimeout())),
                top(),
                many("unpause", "Let frozen processes of containers go on", ManyCommands::unpause, Completes.RUNNING),
                many("update", "Change limits of containers", UpdateCommand::run, Completes.CONTAINERS)
                        .with(RunFlags.forUpdate()),
                many(
                        "wait",
                        "Wait until containers stop and print their exit codes",
                        ManyCommands::wait,
                        Completes.RUNNING));
    }

    /// The group `container`.
    public static Command group(Map<String, String> environment) {
        List<Command> children = new ArrayList<>(others(environment));
        children.addAll(FileCommands.all());
        children.add(run(environment));
        children.add(exec(environment));
        children.add(list().as("ls", "list", "ps"));
        children.add(Command.of(
                        "inspect",
                        "[OPTIONS] " + SOME,
                        "Show everything about containers",
                        Operands.atLeast(1),
                        InspectCommand::container)
                .with(List.of(StandardFlags.inspectFormat(), StandardFlags.size()))
                .completing(Completes.CONTAINERS));
        children.add(
                Command.of("prune", "[OPTIONS]", "Remove all stopped containers", Operands.NONE, OneCommands::prune)
                        .with(List.of(StandardFlags.filter(""), StandardFlags.force())));
        return Command.group("container", "Manage containers", children);
    }

    private static Command many(String name, String summary, Command.Action action, Completes completes) {
        boolean bare = List.of("pause", "unpause", "wait").contains(name);
        return Command.of(name, bare ? SOME : "[OPTIONS] " + SOME, summary, Operands.atLeast(1), action)
                .completing(completes)
                .alsoKnownAs("container " + name, name);
    }

    private static Flag signal() {
        return Flag.of("signal", "s", Kind.TEXT, "Signal to send, by name or number");
    }

    private static Flag timeout() {
        return Flag.of("timeout", "t", Kind.INT, "Seconds from the signal to SIGKILL");
    }

    private static Flag oldTimeout() {
        return Flag.of("time", Kind.INT, "Seconds from the signal to SIGKILL").asHidden();
    }

    private static Command attach() {
        return Command.of(
                        "attach",
                        "[OPTIONS] CONTAINER",
                        "Tie the terminal's input and output to a running container",
                        Operands.exactly(1),
                        AttachCommands::attach)
                .with(List.of(
                        RunFlags.detachKeys(),
                        Flag.of("no-stdin", Kind.BOOL, "Leave standard input alone"),
                        Flag.of("sig-proxy", Kind.BOOL, "Pass signals on to the process")
                                .withDefault("true")))
                .completing(Completes.RUNNING)
                .alsoKnownAs("container attach", "attach");
    }

    private static Command create(Map<String, String> environment) {
        return Command.of(
                        "create",
                        "[OPTIONS] IMAGE [COMMAND] [ARG...]",
                        "Create a container",
                        Operands.atLeast(1),
                        CreateCommand::run)
                .with(RunFlags.forCreate(environment))
                .withFlagsFirst()
                .completing(Completes.IMAGE_THEN_COMMAND)
                .alsoKnownAs("container create", "create");
    }

    private static Command logs() {
        return Command.of(
                        "logs",
                        "[OPTIONS] CONTAINER",
                        "Show what a container has written",
                        Operands.exactly(1),
                        OneCommands::logs)
                .with(List.of(
                        Flag.of("details", Kind.BOOL, "Show attributes given to the log driver"),
                        Flag.of("follow", "f", Kind.BOOL, "Go on with what is written from now on"),
                        Flag.of(
                                "since",
                                Kind.TEXT,
                                "Begin at a time (\"2013-01-02T13:23:37Z\") or so long ago (\"42m\")"),
                        Flag.of("tail", "n", Kind.TEXT, "Lines from the end to begin with")
                                .withDefault("all"),
                        Flag.of("timestamps", "t", Kind.BOOL, "Show when each line was written"),
                        Flag.of(
                                "until",
                                Kind.TEXT,
                                "End at a time (\"2013-01-02T13:23:37Z\") or so long ago (\"42m\")")))
                .completing(Completes.CONTAINERS)
                .alsoKnownAs("container logs", "logs");
    }

    private static Command port() {
        return Command.of(
                        "port",
                        "CONTAINER [PRIVATE_PORT[/PROTO]]",
                        "Show where ports of a container are published",
                        new Operands(1, 2),
                        OneCommands::port)
                .completing(Completes.RUNNING)
                .alsoKnownAs("container port", "port");
    }

    private static Command rename() {
        return Command.of(
                        "rename", "CONTAINER NEW_NAME", "Rename a container", Operands.exactly(2), OneCommands::rename)
                .completing(Completes.CONTAINERS)
                .alsoKnownAs("container rename", "rename");
    }

    private static Command remove() {
        return Command.of("rm", "[OPTIONS] " + SOME, "Remove containers", Operands.atLeast(1), ManyCommands::remove)
                .as("rm", "remove")
                .with(List.of(
                        Flag.of("force", "f", Kind.BOOL, "Kill running containers first"),
                        Flag.of("link", "l", Kind.BOOL, "Remove the link of that name"),
                        Flag.of("volumes", "v", Kind.BOOL, "Remove the containers' anonymous volumes, too")))
                .completing(Completes.CONTAINERS)
                .alsoKnownAs("container rm", "container remove", "rm");
    }

    private static Command start() {
        return Command.of(
                        "start",
                        "[OPTIONS] " + SOME,
                        "Start containers that do not run",
                        Operands.atLeast(1),
                        AttachCommands::start)
                .with(List.of(
                        Flag.of("attach", "a", Kind.BOOL, "Attach standard output and error, and pass signals on"),
                        RunFlags.detachKeys(),
                        Flag.of("interactive", "i", Kind.BOOL, "Attach standard input")))
                .completing(Completes.STOPPED)
                .alsoKnownAs("container start", "start");
    }

    private static Command stats() {
        return Command.of(
                        "stats",
                        "[OPTIONS] [CONTAINER...]",
                        "Show what containers use of the host, once a second",
                        Operands.ANY,
                        StatsCommand::run)
                .with(List.of(
                        Flag.of("all", "a", Kind.BOOL, "Show all containers, not only running ones"),
                        StandardFlags.tableFormat(),
                        Flag.of("no-stream", Kind.BOOL, "Show the first figures alone"),
                        Flag.of("no-trunc", Kind.BOOL, "Show everything in full length")))
                .completing(Completes.RUNNING)
                .alsoKnownAs("container stats", "stats");
    }

    private static Command top() {
        return Command.of(
                        "top",
                        "CONTAINER [ps OPTIONS]",
                        "Show the processes of a container",
                        Operands.atLeast(1),
                        OneCommands::top)
                .withFlagsFirst()
                .completing(Completes.RUNNING)
                .alsoKnownAs("container top", "top");
    }
}
