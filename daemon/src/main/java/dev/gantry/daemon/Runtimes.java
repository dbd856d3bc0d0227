package dev.gantry.daemon;

import dev.gantry.engine.EngineOptions;
import dev.gantry.engine.EngineOptions.Runtimes.Program;
import dev.gantry.oci.Json;
import dev.gantry.oci.MalformedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The runtimes that `--add-runtime` and `--default-runtime` name, or `runtimes` and `default-runtime` in daemon.json.
///
/// As with dockerd, runc is there without being named, if it is installed.
final class Runtimes {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_.-]{0,63}");
    private static final String RUNC = "runc";
    /// What containerd calls runc.
    private static final String SHIM_OF_RUNC = "io.containerd.runc.v2";

    private final List<Path> search;

    /// @param search where programs without a directory are looked for
    Runtimes(List<Path> search) {
        this.search = List.copyOf(search);
    }

    /// Of this process's `PATH`.
    static Runtimes ofHost() {
        String path = System.getenv().getOrDefault("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        return new Runtimes(Pattern.compile(":")
                .splitAsStream(path)
                .filter(each -> each.startsWith("/"))
                .map(Path::of)
                .toList());
    }

    /// What is told to the engine.
    ///
    /// @param added `name=path` each, or `name={"path": …, "runtimeArgs": […]}`
    /// @param byDefault null is Gantry's own
    /// @throws UsageException with dockerd's texts
    EngineOptions.Runtimes read(List<String> added, @Nullable String byDefault) throws UsageException {
        Map<String, Program> programs = new LinkedHashMap<>();
        for (String each : added) {
            int equals = each.indexOf('=');
            String name = each.substring(0, Math.max(equals, 0)).strip().toLowerCase(Locale.ROOT);
            String value = each.substring(equals + 1).strip();
            if (!NAME.matcher(name).matches() || value.isEmpty()) {
                throw new UsageException("invalid runtime argument: " + each);
            } else if (name.equals(EngineOptions.Runtimes.OWN)) {
                throw new UsageException("runtime name '" + name + "' is reserved");
            } else if (programs.containsKey(name)) {
                throw new UsageException("runtime '" + name + "' was already defined");
            }
            programs.put(name, program(each, value));
        }
        find(RUNC).ifPresent(file -> {
            programs.putIfAbsent(RUNC, new Program(file.toString(), List.of()));
            programs.putIfAbsent(SHIM_OF_RUNC, programs.get(RUNC));
        });
        String chosen = byDefault == null ? EngineOptions.Runtimes.OWN : byDefault;
        if (!chosen.equals(EngineOptions.Runtimes.OWN) && !programs.containsKey(chosen)) {
            throw new UsageException("specified default runtime '" + chosen + "' does not exist");
        }
        return new EngineOptions.Runtimes(chosen, programs);
    }

    private Program program(String argument, String value) throws UsageException {
        if (!value.startsWith("{")) {
            return new Program(absolute(value), List.of());
        }
        ObjectNode object;
        try {
            object = Json.read(value, ObjectNode.class);
        } catch (MalformedException e) {
            throw new UsageException("invalid runtime argument: " + argument + ": " + e.getMessage());
        }
        String path = object.path("path").asString("");
        if (path.isEmpty()) {
            throw new UsageException("invalid runtime argument: " + argument + ": want a path to a program like runc");
        }
        List<String> arguments = new ArrayList<>();
        for (JsonNode each : object.path("runtimeArgs")) {
            arguments.add(each.asString());
        }
        return new Program(absolute(path), arguments);
    }

    /// A program that is not there is missed by the first container that asks for it.
    private String absolute(String path) {
        return path.startsWith("/") ? path : find(path).map(Path::toString).orElse("/" + path);
    }

    private Optional<Path> find(String program) {
        return search.stream()
                .map(directory -> directory.resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
