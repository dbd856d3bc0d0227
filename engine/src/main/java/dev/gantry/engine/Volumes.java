package dev.gantry.engine;

import dev.gantry.engine.request.VolumeRequest;
import dev.gantry.engine.view.VolumeView;
import java.util.List;

/// Directories that outlive containers.
///
/// Every method throws [EngineException]: `NotFound` for an unknown volume.
public interface Volumes {
    /// Makes a volume; one of that name that is there already is given back as it is.
    VolumeView create(VolumeRequest request);

    /// A volume in full.
    VolumeView inspect(String name);

    /// The volumes that match, by name.
    ///
    /// @param filters `dangling, driver, label, name`
    List<VolumeView> list(Filters filters);

    /// Removes a volume. `Conflict` while a container uses it, whether it runs or not.
    ///
    /// @param force it need not be there
    void remove(String name, boolean force);

    /// Removes volumes that no container uses: those that nobody has named, or all of them.
    ///
    /// @param filters `all, label, label!`
    Pruned prune(Filters filters);
}
