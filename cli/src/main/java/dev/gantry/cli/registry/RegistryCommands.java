package dev.gantry.cli.registry;

import dev.gantry.cli.command.Command;
import dev.gantry.cli.command.Operands;
import dev.gantry.cli.command.StandardFlags;
import dev.gantry.cli.option.Flag;
import dev.gantry.cli.option.Kind;
import java.util.List;

/// The table of commands about registries.
public final class RegistryCommands {
    private RegistryCommands() {}

    /// All of them.
    public static List<Command> all() {
        return List.of(login(), logout(), manifest(), search());
    }

    private static Command manifest() {
        return Command.group(
                "manifest",
                "Look at manifests in registries",
                List.of(Command.of(
                                "inspect",
                                "[OPTIONS] [MANIFEST_LIST] MANIFEST",
                                "Show the manifest that a registry has, or all of its list",
                                new Operands(1, 2),
                                ManifestCommand::run)
                        .with(List.of(
                                Flag.of("insecure", Kind.BOOL, "The registry may be spoken to without TLS"),
                                Flag.of("verbose", "v", Kind.BOOL, "Show digest and platform, too")))));
    }

    private static Command search() {
        return Command.of(
                        "search",
                        "[OPTIONS] TERM",
                        "Look for images on Docker Hub",
                        Operands.exactly(1),
                        SearchCommand::run)
                .with(List.of(
                        StandardFlags.filter("f"),
                        StandardFlags.tableFormat(),
                        Flag.of("limit", Kind.INT, "Show at most so many"),
                        Flag.of("no-trunc", Kind.BOOL, "Show everything in full length")));
    }

    private static Command login() {
        return Command.of(
                        "login",
                        "[OPTIONS] [SERVER]",
                        "Log in to a registry, by default Docker Hub",
                        new Operands(0, 1),
                        LoginCommand::run)
                .with(List.of(
                        Flag.of("password", "p", Kind.TEXT, "Password or personal access token"),
                        Flag.of("password-stdin", Kind.BOOL, "Read the password from standard input"),
                        Flag.of("username", "u", Kind.TEXT, "Name of the user")));
    }

    private static Command logout() {
        return Command.of(
                "logout",
                "[SERVER]",
                "Forget the login of a registry, by default Docker Hub",
                new Operands(0, 1),
                LogoutCommand::run);
    }
}
