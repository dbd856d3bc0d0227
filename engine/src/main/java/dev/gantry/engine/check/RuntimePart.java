package dev.gantry.engine.check;

import dev.gantry.engine.container.ContainerNames;
import dev.gantry.runtime.check.StrayGroups;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Run-time state and cgroups that no container has.
record RuntimePart(Household household) implements Part {
    @Override
    public String name() {
        return "run-time state";
    }

    @Override
    public List<Finding> look() throws IOException {
        List<Finding> found = new ArrayList<>();
        for (String each : household.runtime().leftovers()) {
            if (!ContainerNames.isId(each)) {
                found.add(Finding.advised(
                        Kind.RUNTIME, each, "its run-time state is no container's", "remove it by hand"));
            } else if (household.isNobodys(each)) {
                found.add(Finding.mendable(
                        Kind.RUNTIME,
                        each,
                        "run-time state of a container that does not exist",
                        "end its processes, remove its cgroups and state",
                        () -> discard(each)));
            }
        }
        for (StrayGroups each : household.runtime().strayGroups()) {
            if (household.isNobodys(each.container())) {
                found.add(groups(each));
            }
        }
        return found;
    }

    private Finding groups(StrayGroups groups) {
        String problem = "%d cgroups of a container that does not exist, with %d processes"
                .formatted(groups.directories().size(), groups.processes());
        return Finding.mendable(
                Kind.CGROUP,
                groups.container(),
                problem,
                "end the processes, remove the cgroups",
                () -> discard(groups.container()));
    }

    private void discard(String id) throws IOException {
        household.requireNobodys(id);
        household.runtime().discard(id);
    }
}
