package dev.gantry.runtime.launch;

import java.util.Optional;

/// Where the symbolic links of a container's root lead.
public interface Links {
    /// Nothing is known of them.
    Links NONE = _ -> Optional.empty();

    /// The path without links that a path stands for, whether something is there or not; empty if it has no
    /// link, or if it cannot be told.
    ///
    /// The program takes it for a hint only: it makes what is missing of it inside the root, and then goes by
    /// the path itself.
    Optional<String> follow(String path);
}
