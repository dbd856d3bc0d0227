package dev.gantry.engine.check;

import dev.gantry.engine.spec.MountPlan;
import dev.gantry.engine.volume.VolumeCheck;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Volumes, and what lies beside them.
record VolumesPart(Household household) implements Part {
    @Override
    public String name() {
        return "volumes";
    }

    @Override
    public List<Finding> look() throws IOException {
        VolumeCheck check = household.volumes().check();
        return check.problems().stream().map(each -> finding(check, each)).toList();
    }

    private Finding finding(VolumeCheck check, VolumeCheck.Problem problem) {
        return switch (problem) {
            case VolumeCheck.Damaged(String name, String what) ->
                Finding.mendable(
                        Kind.VOLUME,
                        name,
                        what,
                        "make again what is missing, and keep what is there",
                        () -> check.restore(name, mounts()));
            case VolumeCheck.Abandoned abandoned ->
                Finding.mendable(
                        Kind.FILE, abandoned.path(), "was not finished", "remove it", () -> check.remove(abandoned));
            case VolumeCheck.Strange(var path) ->
                Finding.advised(Kind.FILE, path, "is no volume's", "move it elsewhere");
        };
    }

    private Map<String, List<MountPlan>> mounts() {
        Map<String, List<MountPlan>> mounts = new HashMap<>();
        household
                .registry()
                .newestFirst()
                .forEach(each -> mounts.put(each.id(), each.definition().mounts()));
        return mounts;
    }
}
