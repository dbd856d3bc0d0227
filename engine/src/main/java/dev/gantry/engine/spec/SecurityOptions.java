package dev.gantry.engine.spec;

import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.runtime.Seccomp;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What `--security-opt` asks for.
///
/// @param seccomp null is the default profile, else `unconfined` or a profile in Docker's format
/// @param appArmor null is the default profile
record SecurityOptions(
        boolean noNewPrivileges,
        @Nullable String seccomp,
        @Nullable String appArmor) {
    static final String UNCONFINED = "unconfined";

    /// Reads the options.
    ///
    /// @throws Invalid for options that do not exist
    static SecurityOptions parse(List<String> options) {
        boolean noNewPrivileges = false;
        String seccomp = null;
        String appArmor = null;
        for (String option : options) {
            if (option.equals("no-new-privileges")) {
                noNewPrivileges = true;
                continue;
            }
            int split = option.indexOf('=') >= 0 ? option.indexOf('=') : option.indexOf(':');
            if (split < 0) {
                throw new Invalid("invalid --security-opt 1: \"" + option + "\"");
            }
            String value = option.substring(split + 1);
            switch (option.substring(0, split)) {
                case "no-new-privileges" -> noNewPrivileges = truth(option, value);
                case "seccomp" -> seccomp = value.equals("builtin") ? null : value;
                case "apparmor" -> appArmor = value;
                case "label" -> {
                    // accepted as dockerd does on hosts without SELinux, where it has no effect
                }
                default -> throw new Invalid("invalid --security-opt 2: \"" + option + "\"");
            }
        }
        return new SecurityOptions(noNewPrivileges, seccomp, appArmor);
    }

    private static boolean truth(String option, String value) {
        return switch (value) {
            case "true", "1", "t", "T", "TRUE", "True" -> true;
            case "false", "0", "f", "F", "FALSE", "False" -> false;
            default -> throw new Invalid("invalid --security-opt 2: \"" + option + "\"");
        };
    }

    /// The filter of a profile.
    ///
    /// @throws Invalid if the text is no profile
    static Seccomp resolve(String profile, List<String> capabilities, SeccompSource source) {
        try {
            return source.of(profile, new LinkedHashSet<>(capabilities));
        } catch (MalformedException e) {
            throw new Invalid("Decoding seccomp profile failed: " + e.getMessage(), e);
        }
    }
}
