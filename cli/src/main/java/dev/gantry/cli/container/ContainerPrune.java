package dev.gantry.cli.container;

import dev.gantry.cli.command.Session;
import dev.gantry.cli.engine.Query;
import dev.gantry.cli.format.Pruned;
import dev.gantry.cli.json.JsonValue;
import java.io.IOException;
import java.util.List;

/// The removal of containers that do not run.
public final class ContainerPrune {
    private ContainerPrune() {}

    /// Removes those that the filters want.
    public static Pruned of(Session session, List<String> filters) throws IOException {
        JsonValue pruned = session.engine().post("/containers/prune", new Query().withFilters(filters), null);
        return Pruned.of("Deleted Containers:", pruned.get("ContainersDeleted").texts(), pruned);
    }
}
