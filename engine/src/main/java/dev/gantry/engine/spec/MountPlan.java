package dev.gantry.engine.spec;

import dev.gantry.engine.config.Mount.VolumeOptions;
import java.util.List;
import java.util.Map;

/// A mount that a container is to have beside the default ones.
public sealed interface MountPlan {
    /// Where in the container: absolute and clean.
    String target();

    /// A directory or file of the host.
    ///
    /// @param create whether a missing source is made as a directory (`-v`), or refused (`--mount`)
    /// @param mode the options of `-v`, as inspect shows them
    record Bind(String source, String target, boolean create, BindMode options, String mode) implements MountPlan {}

    /// How a bind mount is made.
    ///
    /// @param propagation `rprivate`, `rslave`, …
    /// @param recursive with what is mounted beneath the source
    /// @param readOnlyRecursive whether what is mounted beneath is read-only too
    record BindMode(boolean readOnly, String propagation, boolean recursive, boolean readOnlyRecursive) {
        /// The options of the runtime specification.
        public List<String> options() {
            String access = !readOnly ? "rw" : recursive && readOnlyRecursive ? "rro" : "ro";
            return List.of(recursive ? "rbind" : "bind", access, propagation);
        }
    }

    /// A file system in memory.
    record Tmpfs(String target, List<String> options) implements MountPlan {}

    /// A directory that the engine keeps, filled from the image when it is first used.
    ///
    /// @param name empty for one of the container's own
    /// @param mode the options of `-v`, as inspect shows them
    record Volume(String name, String target, boolean readOnly, String mode, VolumeOptions options)
            implements MountPlan {
        /// Nothing special.
        static final VolumeOptions PLAIN = new VolumeOptions(false, Map.of(), null, "");

        /// A volume of the container's own.
        public static Volume anonymous(String target) {
            return new Volume("", target, false, "", PLAIN);
        }

        public boolean isAnonymous() {
            return name.isEmpty();
        }
    }
}
