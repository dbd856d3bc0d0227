package dev.gantry.runtime.state;

import dev.gantry.runtime.cgroup.Cgroup;
import dev.gantry.runtime.cgroup.CgroupHost;
import dev.gantry.runtime.cgroup.CgroupParent;
import dev.gantry.runtime.cgroup.CgroupPlace;
import dev.gantry.runtime.check.StrayGroups;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/// What this host has of containers: their state directories, and their cgroups.
///
/// @param directory has a directory for each container, by its ID
/// @param cgroupParent the parent of the cgroups of containers that do not ask for another
public record StateRoot(CgroupHost cgroups, Path directory, String cgroupParent) {

    /// Makes a state root, if it is missing. Others pass through it to what they are meant to reach.
    static void make(Path directory) throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
    }

    /// Makes the directory, if it is missing.
    public void make() throws IOException {
        make(directory);
    }

    public ContainerState state(String id) {
        return new ContainerState(directory.resolve(id));
    }

    /// What an earlier runtime made of a container.
    public Belongings belongings(String id) throws IOException {
        return belongings(recordedPlace(id), id);
    }

    /// What a container has whose cgroups are at a place. With the last one below a parent that is somebody else's goes
    /// what was made there for supervisors.
    public Belongings belongings(CgroupPlace place, String id) {
        Runnable last = isUsual(place) ? () -> {} : new CgroupParent(cgroups, place.parent())::removeSupervisorsIfEmpty;
        return new Belongings(Cgroup.of(cgroups, place), state(id), last);
    }

    private boolean isUsual(CgroupPlace place) {
        return place.parent().equals(cgroupParent);
    }

    /// Where an earlier runtime made a container's cgroups.
    public CgroupPlace recordedPlace(String id) throws IOException {
        return state(id)
                .cgroup()
                .map(recorded -> CgroupPlace.read(recorded, id))
                .orElseGet(() -> usualPlace(id));
    }

    /// Where the cgroups of a container are that does not ask for another place.
    public CgroupPlace usualPlace(String id) {
        return new CgroupPlace(cgroupParent, id);
    }

    /// The IDs of all containers of which there is a state.
    public List<String> containers() throws IOException {
        try (Stream<Path> states = Files.list(directory)) {
            return states.map(each -> each.getFileName().toString()).sorted().toList();
        }
    }

    /// What there is of a container.
    public List<Path> remainsOf(String id) throws IOException {
        Belongings found = belongings(id);
        return Stream.concat(Stream.of(found.state().directory()), found.cgroup().ownDirectories().stream())
                .filter(Files::exists)
                .toList();
    }

    /// Cgroups of containers of which there is no state.
    public List<StrayGroups> strayGroups() throws IOException {
        return StrayGroups.find(cgroups, cgroupParent, directory);
    }

    /// Removes the parent of the usual places, unless it has groups.
    public void removeCgroupParent() {
        new CgroupParent(cgroups, cgroupParent).removeIfEmpty();
    }

    /// Removes what was made above the cgroups of a container that is gone: the caller's own groups stay.
    public void removeCgroupParent(CgroupPlace former) {
        if (isUsual(former)) {
            removeCgroupParent();
        }
    }
}
