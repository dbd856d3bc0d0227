package dev.gantry.engine.spec;

import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.engine.EngineException.Unsupported;
import dev.gantry.engine.config.ContainerConfig;
import dev.gantry.engine.config.HostConfig;
import dev.gantry.engine.config.Mount;
import dev.gantry.engine.config.Mount.VolumeOptions;
import dev.gantry.engine.refusal.UnsupportedFeature;
import dev.gantry.engine.spec.MountPlan.BindMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Reads `-v`, `--mount`, `--tmpfs` and an image's `VOLUME`: what is mounted where.
public final class MountRequests {
    private static final List<String> PROPAGATIONS =
            List.of("private", "rprivate", "shared", "rshared", "slave", "rslave");
    private static final Set<String> ACCESS = Set.of("ro", "rw");
    private static final Set<String> MODES =
            Set.of("ro", "rw", "z", "Z", "nocopy", "cached", "delegated", "consistent");

    private MountRequests() {}

    /// Every mount asked for, by target; one target can be asked for once.
    ///
    /// @throws Invalid with Docker's text
    /// @throws Unsupported for what Gantry cannot mount
    public static List<MountPlan> of(ContainerConfig config, HostConfig host) {
        requireLocal(host.storage().volumeDriver());
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
            plans.putIfAbsent(target, MountPlan.Volume.anonymous(target));
        }
        if (!host.storage().volumesFrom().isEmpty()) {
            throw UnsupportedFeature.VOLUMES_FROM.refused();
        }
        return List.copyOf(plans.values());
    }

    private static void requireLocal(String driver) {
        if (!driver.isEmpty() && !driver.equals("local")) {
            // not NotFound: Docker's clients would go and pull the image
            throw new Invalid(noVolumeDriver(driver));
        }
    }

    /// Docker's text for a volume driver that is not there.
    public static String noVolumeDriver(String driver) {
        return "error looking up volume plugin " + driver + ": plugin \"" + driver + "\" not found";
    }

    /// Refuses mounts of what is not there and is not to be made.
    ///
    /// @throws Invalid with Docker's text
    public static void requireSources(List<MountPlan> plans) {
        for (MountPlan plan : plans) {
            if (plan instanceof MountPlan.Bind bind && !bind.create() && !Files.exists(Path.of(bind.source()))) {
                throw new Invalid(problem("bind") + "bind source path does not exist: " + bind.source());
            }
        }
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
            return MountPlan.Volume.anonymous(target(text, problem + ": " + problem("volume")));
        }
        boolean isBind = parts[0].startsWith("/");
        String mode = parts.length == 3 ? parts[2] : "";
        Modes modes = Modes.of(mode);
        String prefix = problem + ": " + problem(isBind ? "bind" : "volume");
        String target = target(parts[1], prefix);
        if (!isBind) {
            if (!modes.propagation().isEmpty()) {
                throw new Invalid(prefix + "field BindOptions must not be specified");
            }
            return named(
                    parts[0], target, modes.readOnly(), mode, new VolumeOptions(modes.noCopy(), Map.of(), null, ""));
        }
        if (modes.noCopy()) {
            throw new Invalid(prefix + "field VolumeOptions must not be specified");
        }
        String propagation = modes.propagation().isEmpty() ? "rprivate" : modes.propagation();
        return new MountPlan.Bind(
                clean(parts[0]), target, true, new BindMode(modes.readOnly(), propagation, true, true), mode);
    }

    /// A volume with a name shows the mode that SELinux would want, as in Docker.
    private static MountPlan named(String name, String target, boolean readOnly, String mode, VolumeOptions options) {
        return new MountPlan.Volume(name, target, readOnly, mode.isEmpty() ? "z" : mode, options);
    }

    /// The options of `-v`, each at most once.
    private record Modes(boolean readOnly, String propagation, boolean noCopy) {
        static Modes of(String mode) {
            List<String> options = mode.isEmpty() ? List.of() : List.of(mode.split(",", -1));
            List<String> propagations =
                    options.stream().filter(PROPAGATIONS::contains).toList();
            for (String each : options) {
                // z and Z have no effect without SELinux, those about consistency none on Linux
                if (!PROPAGATIONS.contains(each) && !MODES.contains(each)) {
                    throw new Invalid("invalid mode: " + mode);
                }
            }
            long access = options.stream().filter(ACCESS::contains).count();
            long copies = options.stream().filter("nocopy"::equals).count();
            if (propagations.size() > 1 || access > 1 || copies > 1) {
                throw new Invalid("invalid mode: " + mode);
            }
            return new Modes(options.contains("ro"), propagations.isEmpty() ? "" : propagations.getFirst(), copies > 0);
        }
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
            case "image", "npipe", "cluster" -> throw UnsupportedFeature.MOUNT_TYPES.refused(mount.type());
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
        }
        // that it must be recursive needs nothing more: every kernel that Gantry runs on can do it
        if (options.readOnlyNonRecursive() && options.readOnlyForceRecursive()) {
            throw invalid(mount, "options conflict: ReadOnlyNonRecursive && ReadOnlyForceRecursive");
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
        VolumeOptions options = mount.volumeOptions() == null ? MountPlan.Volume.PLAIN : mount.volumeOptions();
        boolean anonymous = mount.source().isEmpty();
        if (mount.bindOptions() != null) {
            throw invalid(mount, "field BindOptions must not be specified");
        } else if (anonymous && mount.readOnly()) {
            throw invalid(mount, "must not set ReadOnly mode when using anonymous volumes");
        } else if (anonymous && !options.subpath().isEmpty()) {
            throw invalid(mount, "must not set Subpath when using anonymous volumes");
        } else if (!isLocal(options.subpath())) {
            throw invalid(mount, "subpath must be a relative path within the volume");
        }
        if (options.driverConfig() != null) {
            requireLocal(options.driverConfig().name());
        }
        return named(mount.source(), target, mount.readOnly(), "", options);
    }

    private static boolean isLocal(String subpath) {
        return !subpath.startsWith("/")
                && subpath.indexOf('\0') < 0
                && !Path.of(subpath).normalize().startsWith("..");
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
