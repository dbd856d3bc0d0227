package dev.gantry.cli.create;

import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.option.Arguments;
import dev.gantry.cli.option.Flag;
import dev.gantry.cli.option.Kind;
import java.util.List;
import java.util.Map;

/// The flags of `exec` and the request that they make.
public final class ExecRequest {
    private ExecRequest() {}

    /// The flags.
    public static List<Flag> flags(Map<String, String> environment) {
        return List.of(
                Flag.of("detach", "d", Kind.BOOL, "Leave the command in the background"),
                RunFlags.detachKeys(),
                RunFlags.environment(environment),
                Flag.of("env-file", Kind.LIST, "File of environment variables, one NAME=VALUE a line"),
                Flag.of("interactive", "i", Kind.BOOL, "Keep standard input open"),
                Flag.of("privileged", Kind.BOOL, "Give the command nearly all rights of the host's root"),
                Flag.of("tty", "t", Kind.BOOL, "Give the command a terminal"),
                Flag.of("user", "u", Kind.TEXT, "User and group, by name or number: USER[:GROUP]"),
                Flag.of("workdir", "w", Kind.TEXT, "Working directory in the container"));
    }

    /// The body of the request; the operands are a container and a command.
    ///
    /// @throws IllegalArgumentException says what is wrong with the variables
    public static JsonValue body(Arguments flags, Map<String, String> environment) {
        List<String> variables = CreateRequest.variables(flags, environment);
        boolean attached = !flags.isSet("detach");
        return JsonValue.object()
                .put("User", flags.text("user"))
                .put("Privileged", flags.isSet("privileged"))
                .put("Tty", flags.isSet("tty"))
                .put("AttachStdin", attached && flags.isSet("interactive"))
                .put("AttachStdout", attached)
                .put("AttachStderr", attached)
                .put("DetachKeys", flags.text("detach-keys"))
                .put("Env", variables)
                .put("WorkingDir", flags.text("workdir"))
                .put("Cmd", flags.operands().subList(1, flags.operands().size()))
                .build();
    }
}
