package dev.gantry.engine.spec;

import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.engine.config.Resources;
import dev.gantry.engine.config.Resources.DeviceMapping;
import dev.gantry.oci.runtime.Device;
import dev.gantry.oci.runtime.DeviceRule;
import dev.gantry.oci.runtime.Resources.BlockIo.Throttle;
import dev.gantry.oci.runtime.Resources.BlockIo.Weight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Devices: which nodes a container gets, and which it may use.
final class ResourceDevices {
    private static final Pattern RULE = Pattern.compile("([acb]) ([0-9]{1,18}|\\*):([0-9]{1,18}|\\*) ([rwm]{1,3})");

    /// Parts of /dev that are a container's own, also when it is privileged.
    private static final Set<String> OWN =
            Set.of("pts", "shm", "fd", "mqueue", "console", ".lxc", ".lxd-mounts", ".udev");

    private ResourceDevices() {}

    /// Nodes and rules, in the order of the rules.
    record Selection(List<Device> devices, List<DeviceRule> rules) {}

    static void check(Resources asked) {
        asked.deviceCgroupRules().forEach(ResourceDevices::rule);
        for (DeviceMapping mapping : asked.devices()) {
            if (!mapping.cgroupPermissions().matches("[rwm]*")) {
                throw new Invalid("invalid device mode: " + mapping.cgroupPermissions());
            }
        }
    }

    static Selection select(Resources asked, boolean privileged) {
        var devices = new ArrayList<Device>();
        var rules = new ArrayList<>(defaults());
        if (privileged) {
            collect(Path.of("/dev"), "/dev", devices, true);
            rules.clear();
            rules.add(new DeviceRule(true, null, null, null, "rwm"));
            for (DeviceMapping mapping : asked.devices()) {
                if (!target(mapping).equals(mapping.pathOnHost())) {
                    gather(mapping.pathOnHost(), target(mapping), devices);
                }
            }
            return new Selection(devices, rules);
        }
        for (DeviceMapping mapping : asked.devices()) {
            int first = devices.size();
            gather(mapping.pathOnHost(), target(mapping), devices);
            String access = mapping.cgroupPermissions().isEmpty() ? "rwm" : mapping.cgroupPermissions();
            for (Device device : devices.subList(first, devices.size())) {
                rules.add(new DeviceRule(true, device.type(), device.major(), device.minor(), access));
            }
        }
        asked.deviceCgroupRules().forEach(text -> rules.add(rule(text)));
        return new Selection(devices, rules);
    }

    private static String target(DeviceMapping mapping) {
        return mapping.pathInContainer().isEmpty() ? mapping.pathOnHost() : mapping.pathInContainer();
    }

    /// Docker's list. That nodes may be made and terminals used is added by every runtime; were it said here, runc
    /// would refuse the last rule as a hole in it.
    private static List<DeviceRule> defaults() {
        return List.of(
                new DeviceRule(false, null, null, null, "rwm"),
                new DeviceRule(true, "c", 1L, 5L, "rwm"),
                new DeviceRule(true, "c", 1L, 3L, "rwm"),
                new DeviceRule(true, "c", 1L, 9L, "rwm"),
                new DeviceRule(true, "c", 1L, 8L, "rwm"),
                new DeviceRule(true, "c", 5L, 0L, "rwm"),
                new DeviceRule(true, "c", 5L, 1L, "rwm"),
                new DeviceRule(false, "c", 10L, 229L, "rwm"));
    }

    private static DeviceRule rule(String text) {
        Matcher matcher = RULE.matcher(text);
        if (!matcher.matches()) {
            throw new Invalid("invalid device cgroup rule format: '" + text + "'");
        }
        return new DeviceRule(
                true, matcher.group(1), number(matcher.group(2)), number(matcher.group(3)), matcher.group(4));
    }

    private static long number(String text) {
        return text.equals("*") ? -1 : Long.parseLong(text);
    }

    private static void gather(String source, String target, List<Device> devices) {
        try {
            Path path = Path.of(source).toRealPath();
            if (Files.isDirectory(path)) {
                collect(path, target, devices, false);
            } else {
                DeviceNode node =
                        DeviceNode.find(path).orElseThrow(() -> new Invalid(gathering(source, "not a device node")));
                devices.add(node.at(target));
            }
        } catch (NoSuchFileException e) {
            throw new Invalid(gathering(source, "no such file or directory"), e);
        } catch (IOException e) {
            throw new Invalid(gathering(source, e.toString()), e);
        }
    }

    private static String gathering(String source, String problem) {
        return "error gathering device information while adding custom device \"" + source + "\": " + problem;
    }

    private static void collect(Path directory, String target, List<Device> devices, boolean skipOwn) {
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : entries.sorted().toList()) {
                String name = String.valueOf(entry.getFileName());
                if (Files.isSymbolicLink(entry) || (skipOwn && OWN.contains(name))) {
                    continue;
                }
                if (Files.isDirectory(entry)) {
                    collect(entry, target + "/" + name, devices, false);
                } else {
                    DeviceNode.find(entry).ifPresent(node -> devices.add(node.at(target + "/" + name)));
                }
            }
        } catch (IOException e) {
            throw new Invalid(gathering(directory.toString(), e.toString()), e);
        }
    }

    static List<Throttle> throttles(List<Resources.ThrottleDevice> asked) {
        return asked.stream()
                .map(throttle -> {
                    DeviceNode node = block(throttle.path());
                    return new Throttle(node.major(), node.minor(), throttle.rate());
                })
                .toList();
    }

    /// Those that can be set on this host.
    static List<Weight> weights(List<Resources.WeightDevice> asked) {
        return asked.stream()
                .filter(weight -> DiskWeights.HOST.areKnownTo(block(weight.path())))
                .map(weight -> {
                    DeviceNode node = block(weight.path());
                    return new Weight(node.major(), node.minor(), weight.weight(), null);
                })
                .toList();
    }

    private static DeviceNode block(String path) {
        try {
            Optional<DeviceNode> node = DeviceNode.find(Path.of(path));
            return node.orElseThrow(() -> new Invalid(path + " is not a block device"));
        } catch (IOException e) {
            throw new Invalid(path + ": no such device", e);
        }
    }
}
