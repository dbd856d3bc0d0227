package dev.gantry.cli.create;

import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.option.Arguments;
import dev.gantry.cli.option.NanoCpus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A create request made of the flags of `run` or `create`.
///
/// @param config the body's members except `HostConfig` and `NetworkingConfig`
/// @param host the body's `HostConfig`
/// @param endpoints the networks of `NetworkingConfig`
public record CreateRequest(
        JsonValue.Fields config,
        JsonValue.Fields host,
        JsonValue.Fields endpoints,
        boolean attachStdin,
        boolean attachStdout,
        boolean attachStderr,
        boolean tty) {

    /// Reads the flags; the first operand is the image, the rest the command.
    ///
    /// @param detached whether nothing is attached, whatever `--attach` says
    /// @throws IllegalArgumentException with Docker's text
    public static CreateRequest of(Arguments flags, Map<String, String> environment, boolean detached) {
        List<String> attach = flags.list("attach");
        boolean interactive = flags.isSet("interactive");
        boolean in = !detached && (interactive || attach.contains("stdin"));
        boolean out = !detached && (attach.isEmpty() || attach.contains("stdout"));
        boolean err = !detached && (attach.isEmpty() || attach.contains("stderr"));
        Volumes volumes = Volumes.parse(flags.list("volume"));
        Ports ports = Ports.parse(flags.list("publish"), flags.list("expose"));
        JsonValue.Builder config = JsonValue.object()
                .put("Hostname", flags.text("hostname"))
                .put("Domainname", flags.text("domainname"))
                .put("User", flags.text("user"))
                .put("AttachStdin", in)
                .put("AttachStdout", out)
                .put("AttachStderr", err)
                .put("ExposedPorts", ports.exposed())
                .put("Tty", flags.isSet("tty"))
                .put("OpenStdin", interactive)
                .put("StdinOnce", interactive && in);
        addProcess(config, flags, environment);
        config.put("Volumes", emptyObjects(volumes.anonymous()));
        JsonValue.Fields host = HostConfig.of(flags, volumes, ports);
        JsonValue.Fields endpoints = Networks.endpoints(flags);
        return new CreateRequest(config.build(), host, endpoints, in, out, err, flags.isSet("tty"));
    }

    private static void addProcess(JsonValue.Builder config, Arguments flags, Map<String, String> environment) {
        List<String> operands = flags.operands();
        config.put("Env", variables(flags, environment));
        List<String> command = operands.subList(1, operands.size());
        config.put("Cmd", command.isEmpty() ? JsonValue.Null.NULL : JsonValue.strings(command));
        Healthcheck.of(flags).ifPresent(check -> config.put("Healthcheck", check));
        config.put("Image", operands.getFirst());
        config.put("WorkingDir", flags.text("workdir"));
        if (flags.has("entrypoint")) {
            config.put("Entrypoint", List.of(flags.text("entrypoint")));
        } else {
            config.put("Entrypoint", JsonValue.Null.NULL);
        }
        config.put("Labels", labels(flags));
        if (!flags.text("stop-signal").isEmpty()) {
            config.put("StopSignal", flags.text("stop-signal"));
        }
        if (flags.has("stop-timeout")) {
            config.put("StopTimeout", flags.number("stop-timeout"));
        }
    }

    /// The variables of all files, then of the flags, for commands that have both.
    public static List<String> variables(Arguments flags, Map<String, String> environment) {
        List<String> variables = new ArrayList<>();
        try {
            variables.addAll(KeyValueFile.read(flags.list("env-file"), environment));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--env-file: " + e.getMessage(), e);
        }
        variables.addAll(flags.list("env"));
        return variables;
    }

    private static Map<String, String> labels(Arguments flags) {
        List<String> labels = new ArrayList<>();
        try {
            labels.addAll(KeyValueFile.read(flags.list("label-file"), Map.of()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--label-file: " + e.getMessage(), e);
        }
        labels.addAll(flags.list("label"));
        return Pairs.map(labels);
    }

    private static JsonValue emptyObjects(List<String> names) {
        JsonValue.Builder object = JsonValue.object();
        names.forEach(name -> object.put(name, JsonValue.object().build()));
        return object.build();
    }

    /// The whole body, for a screen of that size (both zero where there is none).
    public JsonValue body(int rows, int columns) {
        JsonValue.Builder body = JsonValue.object();
        config.members().forEach(body::put);
        JsonValue.Builder hostConfig = JsonValue.object();
        host.members().forEach(hostConfig::put);
        hostConfig.put(
                "ConsoleSize",
                new JsonValue.Items(List.of(
                        new JsonValue.Numeral(Integer.toString(rows)),
                        new JsonValue.Numeral(Integer.toString(columns)))));
        body.put("HostConfig", hostConfig.build());
        body.put(
                "NetworkingConfig",
                JsonValue.object().put("EndpointsConfig", endpoints).build());
        return body.build();
    }

    static long cpus(Arguments flags) {
        String cpus = flags.text("cpus");
        return cpus.isEmpty() ? 0 : NanoCpus.parse(cpus);
    }
}
