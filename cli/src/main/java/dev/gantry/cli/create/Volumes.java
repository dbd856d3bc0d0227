package dev.gantry.cli.create;

import java.util.ArrayList;
import java.util.List;

/// `-v` values, split into binds (with a source) and volumes of the image's kind (a path in the container alone).
///
/// @param binds as the daemon takes them; a host path that begins with a dot is absolute
/// @param anonymous paths in the container
record Volumes(List<String> binds, List<String> anonymous) {
    static Volumes parse(List<String> values) {
        List<String> binds = new ArrayList<>();
        List<String> anonymous = new ArrayList<>();
        for (String value : values.stream().distinct().toList()) {
            int colon = value.indexOf(':');
            if (value.isEmpty()) {
                throw new IllegalArgumentException("invalid empty volume spec");
            }
            if (colon < 0) {
                anonymous.add(value);
                continue;
            }
            for (String section : value.split(":", -1)) {
                if (section.isEmpty()) {
                    throw new IllegalArgumentException("invalid spec: " + value + ": empty section between colons");
                }
            }
            binds.add(HostPath.absolute(value.substring(0, colon)) + value.substring(colon));
        }
        return new Volumes(binds, anonymous);
    }
}
