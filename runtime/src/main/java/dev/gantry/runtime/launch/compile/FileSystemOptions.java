package dev.gantry.runtime.launch.compile;

import dev.gantry.oci.runtime.Mount;
import dev.gantry.runtime.launch.RefusedException;
import dev.gantry.runtime.mount.MountOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Options of file systems as fsconfig(2) takes them: keys and values have 255 bytes at most, and the kernel says
/// EINVAL to longer ones, without a word of which it was.
final class FileSystemOptions {
    private static final int LONGEST = 255;
    private static final String LAYERS = "lowerdir=";

    private FileSystemOptions() {}

    /// Whether an overlay's layers are named one by one, since together they are too long.
    static boolean namesLayersOneByOne(String type, List<String> options) {
        return type.equals("overlay") && options.stream().anyMatch(FileSystemOptions::isLongLayers);
    }

    private static boolean isLongLayers(String option) {
        return option.startsWith(LAYERS) && bytes(option.substring(LAYERS.length())) > LONGEST;
    }

    /// The options with the layers of an overlay one by one where they have to be.
    static List<String> configured(String type, List<String> options) {
        if (!namesLayersOneByOne(type, options)) {
            return options;
        }
        List<String> configured = new ArrayList<>();
        for (String option : options) {
            if (isLongLayers(option)) {
                configured.addAll(layers(option.substring(LAYERS.length())));
            } else {
                configured.add(option);
            }
        }
        return configured;
    }

    /// `A:B::C` as `lowerdir+=A`, `lowerdir+=B`, `datadir+=C` (kernel 6.7), which know no escapes.
    private static List<String> layers(String joined) {
        List<String> layers = new ArrayList<>();
        String key = "lowerdir+=";
        StringBuilder layer = new StringBuilder();
        for (int i = 0; i < joined.length(); i++) {
            char each = joined.charAt(i);
            boolean escapes = each == '\\' && i + 1 < joined.length();
            if (each == ':') {
                layers.add(key + layer);
                layer.setLength(0);
                boolean data = joined.startsWith("::", i);
                key = data ? "datadir+=" : "lowerdir+=";
                i += data ? 1 : 0;
            } else {
                i += escapes ? 1 : 0;
                layer.append(joined.charAt(i));
            }
        }
        layers.add(key + layer);
        return layers;
    }

    /// Refuses by its name what the kernel does not take.
    static void check(Mount mount, MountOptions options) throws RefusedException {
        String source = mount.source();
        if (source != null) {
            check(mount, "source", source);
        }
        for (String option : configured(String.valueOf(mount.type()), options.data())) {
            int equals = option.indexOf('=');
            String key = equals < 0 ? option : option.substring(0, equals);
            check(mount, "name of option \"" + key + "\"", key);
            check(mount, "option \"" + key + "\"", option.substring(equals + 1));
        }
    }

    private static void check(Mount mount, String what, String value) throws RefusedException {
        if (bytes(value) > LONGEST) {
            throw new RefusedException(
                    "mounts:" + mount.destination(),
                    "%s: %s has %d bytes, the kernel takes %d"
                            .formatted(mount.destination(), what, bytes(value), LONGEST));
        }
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
