package dev.gantry.engine.volume;

import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.engine.spec.MountPlan;
import dev.gantry.oci.Digest;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Pattern;

/// What volumes are called.
public final class VolumeNames {
    private static final Pattern VALID = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{1,254}");

    private static final Pattern DERIVED = Pattern.compile("[0-9a-f]{64}");

    private VolumeNames() {}

    /// The name of a container's volume. One that nobody has named is always the same for a container and a target.
    public static String of(String container, MountPlan.Volume volume) {
        return volume.isAnonymous() ? derived(container + " " + volume.target()) : volume.name();
    }

    /// For a volume that was asked for without a name.
    static String random() {
        return derived(UUID.randomUUID().toString());
    }

    /// Whether it may be the name of a volume that nobody has named.
    static boolean isDerived(String name) {
        return DERIVED.matcher(name).matches();
    }

    private static String derived(String identity) {
        return Digest.of(identity.getBytes(StandardCharsets.UTF_8)).hex();
    }

    static boolean isValid(String name) {
        return VALID.matcher(name).matches();
    }

    /// Refuses a name that a volume cannot have.
    ///
    /// @throws Invalid with Docker's text
    public static void check(String name) {
        if (isValid(name)) {
            return;
        }
        if (name.length() == 1) {
            throw new Invalid("create " + name
                    + ": volume name is too short, names should be at least two alphanumeric characters");
        }
        throw new Invalid("create " + name + ": \"" + name + "\" includes invalid characters for a local volume name,"
                + " only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a host directory, use"
                + " absolute path");
    }
}
