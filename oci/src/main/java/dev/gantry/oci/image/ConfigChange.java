package dev.gantry.oci.image;

import dev.gantry.oci.Json;
import dev.gantry.oci.MalformedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Dockerfile instructions applied to an image's configuration: `--change` of `import` and `commit`.
///
/// Accepted are CMD, ENTRYPOINT, ENV, EXPOSE, HEALTHCHECK, LABEL, ONBUILD, STOPSIGNAL, USER, VOLUME and WORKDIR, with
/// the Dockerfile's rules for line continuation, comments, quotes, `$variables` and JSON lists. Error texts are
/// Docker's.
public final class ConfigChange {
    private static final List<String> DEFAULT_SHELL = List.of("/bin/sh", "-c");
    private static final Pattern SIGNAL_NUMBER = Pattern.compile("[1-9]|[1-5][0-9]|6[0-4]");
    private static final Pattern SIGNAL_NAME = Pattern.compile(
            "(?:SIG)?(?:HUP|INT|QUIT|ILL|TRAP|ABRT|IOT|BUS|FPE|KILL|USR[12]|SEGV|PIPE|ALRM|TERM|STKFLT|CHLD"
                    + "|CLD|CONT|STOP|TSTP|TTIN|TTOU|URG|XCPU|XFSZ|VTALRM|PROF|WINCH|IO|POLL|PWR|SYS"
                    + "|RTMIN(?:\\+(?:[1-9]|1[0-5]))?|RTMAX(?:-(?:[1-9]|1[0-4]))?)");

    private final Execution.Builder builder;
    private Execution current;
    private boolean cmdSet;

    private ConfigChange(Execution base) {
        builder = base.toBuilder();
        current = base;
    }

    /// Applies instructions in order.
    ///
    /// @throws MalformedException with Docker's text, if one of them is not accepted
    public static Execution apply(Execution base, List<String> instructions) throws MalformedException {
        ConfigChange change = new ConfigChange(base);
        for (String line : ChangeText.lines(instructions)) {
            change.applyLine(line);
        }
        return change.current;
    }

    private void applyLine(String line) throws MalformedException {
        String[] parts = line.split("\\s+", 2);
        String name = parts[0].toUpperCase(Locale.ROOT);
        String rest = parts.length == 2 ? parts[1].strip() : "";
        switch (name) {
            case "CMD" -> cmd(rest);
            case "ENTRYPOINT" -> entrypoint(rest);
            case "ENV" -> env(required(name, rest, "at least one argument"));
            case "EXPOSE" -> expose(required(name, rest, "at least one argument"));
            case "HEALTHCHECK" ->
                builder.healthcheck(HealthcheckChange.parse(required(name, rest, "at least one argument")));
            case "LABEL" -> labels(required(name, rest, "at least one argument"));
            case "ONBUILD" -> onBuild(required(name, rest, "at least one argument"));
            case "STOPSIGNAL" -> stopSignal(single(name, rest));
            case "USER" -> builder.user(single(name, rest));
            case "VOLUME" -> volumes(required(name, rest, "at least one argument"));
            case "WORKDIR" -> workingDir(expand(required(name, rest, "exactly one argument")));
            default -> throw new MalformedException(parts[0] + " is not a valid change command");
        }
        current = builder.build();
    }

    private static String required(String name, String rest, String what) throws MalformedException {
        if (rest.isEmpty()) {
            throw new MalformedException("%s requires %s".formatted(name, what));
        }
        return rest;
    }

    private String single(String name, String rest) throws MalformedException {
        String value = expand(required(name, rest, "exactly one argument"));
        if (rest.isEmpty() || ChangeText.words(rest).size() != 1) {
            throw new MalformedException(name + " requires exactly one argument");
        }
        return value;
    }

    private String expand(String word) throws MalformedException {
        return new WordExpansion(current.env()).expand(word);
    }

    private List<String> expandAll(List<String> words) throws MalformedException {
        List<String> expanded = new ArrayList<>();
        for (String word : words) {
            expanded.add(expand(word));
        }
        return expanded;
    }

    private List<String> shell() {
        return current.shell().isEmpty() ? DEFAULT_SHELL : current.shell();
    }

    private void cmd(String rest) {
        builder.cmd(command(rest, shell()));
        cmdSet = true;
    }

    // a new entry point makes the base's arguments meaningless, unless they were given beside it
    private void entrypoint(String rest) {
        builder.entrypoint(command(rest, shell()));
        if (!cmdSet) {
            builder.cmd(List.of());
        }
    }

    /// The exec form if the text is a JSON list of strings, else the shell form.
    static List<String> command(String text, List<String> shell) {
        List<String> list = jsonList(text);
        if (list != null) {
            return list;
        }
        if (text.isEmpty()) {
            return List.of();
        }
        List<String> command = new ArrayList<>(shell);
        command.add(text);
        return command;
    }

    private static @Nullable List<String> jsonList(String text) {
        if (!text.startsWith("[")) {
            return null;
        }
        try {
            return List.of(Json.read(text, String[].class));
        } catch (MalformedException | NullPointerException _) {
            return null; // not a list of strings: Docker takes it as a shell command
        }
    }

    private void env(String rest) throws MalformedException {
        List<String> changes = new ArrayList<>();
        for (Map.Entry<String, String> pair : pairs("ENV", rest).entrySet()) {
            changes.add(pair.getKey() + "=" + pair.getValue());
        }
        builder.env(Environment.merge(current.env(), changes));
    }

    private void labels(String rest) throws MalformedException {
        Map<String, String> labels = new LinkedHashMap<>(current.labels());
        labels.putAll(pairs("LABEL", rest));
        builder.labels(labels);
    }

    // "NAME=value …", or the older "NAME the rest of the line"
    private Map<String, String> pairs(String instruction, String rest) throws MalformedException {
        List<String> words = ChangeText.words(rest);
        Map<String, String> pairs = new LinkedHashMap<>();
        if (words.getFirst().indexOf('=') < 0) {
            String[] parts = rest.split("\\s+", 2);
            if (parts.length < 2) {
                throw new MalformedException(instruction + " must have two arguments");
            }
            pairs.put(name(instruction, parts[0]), expand(parts[1]));
            return pairs;
        }
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals < 0) {
                throw new MalformedException(
                        "Syntax error - can't find = in \"%s\". Must be of the form: name=value".formatted(word));
            }
            pairs.put(name(instruction, word.substring(0, equals)), expand(word.substring(equals + 1)));
        }
        return pairs;
    }

    private String name(String instruction, String word) throws MalformedException {
        String name = expand(word);
        if (name.isEmpty()) {
            throw new MalformedException(instruction + " names can not be blank");
        }
        return name;
    }

    private void expose(String rest) throws MalformedException {
        Set<String> ports = new LinkedHashSet<>(current.exposedPorts());
        for (String word : expandAll(ChangeText.words(rest))) {
            for (String part : word.split("\\s+", -1)) {
                ports.addAll(PortRange.parse(part));
            }
        }
        builder.exposedPorts(ports);
    }

    private void onBuild(String rest) throws MalformedException {
        String trigger = rest.split("\\s+", 2)[0].toUpperCase(Locale.ROOT);
        switch (trigger) {
            case "ONBUILD" -> throw new MalformedException("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed");
            case "MAINTAINER", "FROM" -> throw new MalformedException(trigger + " isn't allowed as an ONBUILD trigger");
            default -> {
                List<String> triggers = new ArrayList<>(current.onBuild());
                triggers.add(rest);
                builder.onBuild(triggers);
            }
        }
    }

    private void stopSignal(String signal) throws MalformedException {
        String name = signal.toUpperCase(Locale.ROOT);
        if (!SIGNAL_NUMBER.matcher(name).matches() && !SIGNAL_NAME.matcher(name).matches()) {
            throw new MalformedException("Invalid signal: " + signal);
        }
        builder.stopSignal(signal);
    }

    private void volumes(String rest) throws MalformedException {
        List<String> list = jsonList(rest);
        Set<String> volumes = new LinkedHashSet<>(current.volumes());
        for (String volume : expandAll(list == null ? ChangeText.words(rest) : list)) {
            if (volume.isBlank()) {
                throw new MalformedException("VOLUME specified can not be an empty string");
            }
            volumes.add(volume.strip());
        }
        builder.volumes(volumes);
    }

    private void workingDir(String path) {
        String base = current.workingDir() == null ? "/" : current.workingDir();
        List<String> names = new ArrayList<>();
        for (String name : (path.startsWith("/") ? path : base + "/" + path).split("/", -1)) {
            switch (name) {
                case "", "." -> {}
                case ".." -> {
                    if (!names.isEmpty()) {
                        names.removeLast();
                    }
                }
                default -> names.add(name);
            }
        }
        builder.workingDir("/" + String.join("/", names));
    }
}
