package dev.gantry.engine.spec;

import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.engine.EngineException.Unsupported;
import dev.gantry.engine.config.ContainerConfig;
import dev.gantry.engine.config.HostConfig;
import dev.gantry.engine.config.Mount;
import dev.gantry.engine.spec.MountPlan.BindMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Reads `-v`, `--mount`, `--tmpfs` and an image's `VOLUME`: what is mounted where.
public final class MountRequests {
    private static final List<String> PROPAGATIONS =
            List.of("private", "rprivate", "shared", "rshared", "slave", "rslave");

    private MountRequests() {}

    /// Every mount asked for, by target; one target can be asked for once.
    ///
    /// @throws Invalid with Docker's text
    /// @throws Unsupported for named volumes and the like
    public static List<MountPlan> of(ContainerConfig config, HostConfig host) {
        Map<String, MountPlan> plans = new TreeMap<>();
        for (String bind : host.storage().binds()) {
            add(plans, bind(bind));
        }
        for (Mount mount : host.storage().mounts()) {
            add(plans, mount(mount));
        }
        host.storage().tmpfs().forEach((target, options) -> add(plans, tmpfs(target, options)));
        for (String volume : config.volumes().keySet()) {
            String target = target(volume, "invalid volume specification: '" + volume + "': ");
            plans.putIfAbsent(target, new MountPlan.Volume(target, false));
        }
        if (!host.storage().volumesFrom().isEmpty()) {
            throw new Unsupported("volumes of other containers (--volumes-from) are not supported by Gantry yet");
        }
        return List.copyOf(plans.values());
    }

    private static void add(Map<String, MountPlan> plans, MountPlan plan) {
        if (plans.putIfAbsent(plan.target(), plan) != null) {
            throw new Invalid("Duplicate mount point: " + plan.target());
        }
    }

    /// Reads `source:target[:options]` or `target`.
    static MountPlan bind(String text) {
        String problem = "invalid volume specification: '" + text + "'";
        String[] parts = text.split(":", -1);
        if (parts.length > 3 || Arrays.asList(parts).contains("")) {
            throw new Invalid(problem);
        }
        if (parts.length == 1) {
            return new MountPlan.Volume(target(text, problem + ": " + problem("volume")), false);
        }
        boolean isBind = parts[0].startsWith("/");
        String target = target(parts[1], problem + ": " + problem(isBind ? "bind" : "volume"));
        if (!isBind) {
            throw namedVolume(parts[0]);
        }
        String mode = parts.length == 3 ? parts[2] : "";
        if (List.of(mode.split(",", -1)).contains("nocopy")) {
            throw new Invalid(problem + ": " + problem("bind") + "field VolumeOptions must not be specified");
        }
        return new MountPlan.Bind(clean(parts[0]), target, true, mode(mode), mode);
    }

    private static BindMode mode(String mode) {
        boolean readOnly = false;
        boolean access = false;
        String propagation = "";
        for (String option : mode.isEmpty() ? new String[0] : mode.split(",", -1)) {
            if (PROPAGATIONS.contains(option) && propagation.isEmpty()) {
                propagation = option;
            } else if ((option.equals("ro") || option.equals("rw")) && !access) {
                access = true;
                readOnly = option.equals("ro");
            } else if (!List.of("z", "Z", "cached", "delegated", "consistent").contains(option)) {
                // z and Z have no effect without SELinux, the rest none on Linux
                throw new Invalid("invalid mode: " + mode);
            }
        }
        return new BindMode(readOnly, propagation.isEmpty() ? "rprivate" : propagation, true, true);
    }

    private static MountPlan mount(Mount mount) {
        if (mount.target().isEmpty()) {
            throw invalid(mount, "field Target must not be empty");
        }
        String target = target(mount.target(), problem(mount.type()));
        return switch (mount.type()) {
            case "bind" -> bind(mount, target);
            case "tmpfs" -> tmpfs(mount, target);
            case "volume" -> volume(mount, target);
            case "image", "npipe", "cluster" ->
                throw new Unsupported("mounts of type " + mount.type() + " are not supported by Gantry");
            default -> throw invalid(mount, "mount type unknown");
        };
    }

    private static MountPlan bind(Mount mount, String target) {
        if (mount.source().isEmpty()) {
            throw invalid(mount, "field Source must not be empty");
        } else if (!mount.source().startsWith("/")) {
            throw invalid(mount, "invalid mount path: '" + mount.source() + "' mount path must be absolute");
        }
        var options = mount.bindOptions() == null
                ? new Mount.BindOptions("", false, false, false, false)
                : mount.bindOptions();
        if (!options.propagation().isEmpty() && !PROPAGATIONS.contains(options.propagation())) {
            throw invalid(mount, "invalid propagation mode: " + options.propagation());
        } else if (!options.createMountpoint() && !Files.exists(Path.of(mount.source()))) {
            throw invalid(mount, "bind source path does not exist: " + mount.source());
        }
        var mode = new BindMode(
                mount.readOnly(),
                options.propagation().isEmpty() ? "rprivate" : options.propagation(),
                !options.nonRecursive(),
                !options.readOnlyNonRecursive());
        return new MountPlan.Bind(clean(mount.source()), target, options.createMountpoint(), mode, "");
    }

    private static MountPlan tmpfs(Mount mount, String target) {
        if (!mount.source().isEmpty()) {
            throw invalid(mount, "field Source must not be specified");
        }
        var options = new ArrayList<String>();
        if (mount.readOnly()) {
            options.add("ro");
        }
        if (mount.tmpfsOptions() != null) {
            if (mount.tmpfsOptions().sizeBytes() > 0) {
                options.add("size=" + mount.tmpfsOptions().sizeBytes());
            }
            if (mount.tmpfsOptions().mode() != 0) {
                options.add("mode=" + Integer.toOctalString(mount.tmpfsOptions().mode()));
            }
            mount.tmpfsOptions().options().forEach(option -> options.add(String.join("=", option)));
        }
        return new MountPlan.Tmpfs(target, TmpfsOptions.merge(options));
    }

    private static MountPlan tmpfs(String path, String options) {
        String target = target(path, "");
        return new MountPlan.Tmpfs(
                target, TmpfsOptions.merge(options.isEmpty() ? List.of() : List.of(options.split(",", -1))));
    }

    private static MountPlan volume(Mount mount, String target) {
        if (!mount.source().isEmpty()) {
            throw namedVolume(mount.source());
        }
        return new MountPlan.Volume(target, mount.readOnly());
    }

    private static RuntimeException namedVolume(String name) {
        if (!name.matches("[a-zA-Z0-9][a-zA-Z0-9_.-]+")) {
            return new Invalid("create " + name + ": \"" + name + "\" includes invalid characters for a local"
                    + " volume name, only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a host"
                    + " directory, use absolute path");
        }
        return new Unsupported("named volumes are not supported by Gantry yet: " + name);
    }

    private static Invalid invalid(Mount mount, String problem) {
        return new Invalid(problem(mount.type()) + problem);
    }

    private static String target(String path, String problem) {
        if (!path.startsWith("/")) {
            throw new Invalid(problem + "invalid mount path: '" + path + "' mount path must be absolute");
        }
        String clean = clean(path);
        if (clean.equals("/")) {
            throw new Invalid(problem + "invalid specification: destination can't be '/'");
        }
        return clean;
    }

    private static String problem(String type) {
        return "invalid mount config for type \"" + type + "\": ";
    }

    /// Without empty, `.` and `..` parts, by the text alone: Go's `path.Clean`.
    ///
    /// @throws Invalid if the path has a NUL, which no file's name can have
    static String clean(String path) {
        if (path.indexOf('\0') >= 0) {
            throw new Invalid("path \"" + path.replace('\0', ' ') + "\" has a NUL");
        }
        return Path.of("/").resolve(path).normalize().toString();
    }
}
