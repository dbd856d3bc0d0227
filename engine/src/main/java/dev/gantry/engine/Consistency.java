package dev.gantry.engine;

import dev.gantry.engine.view.CheckView;

/// Whether all that the engine keeps agrees: state, images, mounts, cgroups and processes.
public interface Consistency {
    /// Compares everything while the engine goes on; what is on its way in or out is no finding.
    CheckView check(CheckOptions options);

    /// How much is done.
    ///
    /// @param repair also mends what is proven to be orphaned or broken; without it nothing is changed
    /// @param deep also reads all content of images and compares it with its digests
    record CheckOptions(boolean repair, boolean deep) {}
}
