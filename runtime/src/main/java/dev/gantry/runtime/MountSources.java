package dev.gantry.runtime;

import dev.gantry.kernel.Mounts;
import dev.gantry.kernel.OwnedFd;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.oci.runtime.Mount;
import dev.gantry.runtime.idmap.IdMaps;
import dev.gantry.runtime.idmap.UserNamespaces;
import dev.gantry.runtime.launch.LaunchPlan;
import dev.gantry.runtime.mount.BindSource;
import dev.gantry.runtime.mount.FilledTmpfs;
import dev.gantry.runtime.mount.MountOptions;
import dev.gantry.runtime.mount.ProcMounts;
import dev.gantry.runtime.mount.RootLinks;
import dev.gantry.runtime.mount.UnsupportedOptionException;
import dev.gantry.runtime.shim.Handover;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// What the daemon opens for a container's mounts: sources of bind mounts, and file systems that it fills.
///
/// @param maps of the container's user namespace
/// @param links of its root
record MountSources(UserNamespaces userNamespaces, IdMaps maps, RootLinks links) {

    void hand(List<Mount> mounts, SafeDirectory root, Handover handover) throws IOException {
        ProcMounts procMounts = new ProcMounts(links);
        for (int i = 0; i < mounts.size(); i++) {
            Mount mount = mounts.get(i);
            MountOptions options = options(mount);
            Optional<BindSource> source = BindSource.of(mount);
            if (source.isPresent()) {
                Optional<String> problem = procMounts.problem(mount, source.get());
                if (problem.isPresent()) {
                    throw refused(mount, problem.get());
                }
                OwnedFd tree = handover.give(LaunchPlan.bind(i), source.get().open());
                mapIds(mount, options, tree);
            } else if (options.copyUp()) {
                handover.give(LaunchPlan.filled(i), FilledTmpfs.of(mount, owned(mount, options), root, maps));
            }
        }
    }

    /// The options of a file system that is made outside of the container's user namespace: they name its users.
    private List<String> owned(Mount mount, MountOptions options) throws LaunchException {
        List<String> owned = new ArrayList<>();
        for (String each : options.data()) {
            boolean user = each.startsWith("uid=");
            boolean owner = !maps.isEmpty() && (user || each.startsWith("gid="));
            OptionalLong id = owner ? number(each.substring("uid=".length())) : OptionalLong.empty();
            if (id.isEmpty()) {
                owned.add(each);
                continue;
            }
            OptionalLong host = user ? maps.hostUid(id.getAsLong()) : maps.hostGid(id.getAsLong());
            if (host.isEmpty()) {
                throw refused(mount, each + " is not mapped in the container's user namespace");
            }
            owned.add(each.substring(0, "uid=".length()) + host.getAsLong());
        }
        return owned;
    }

    /// As the kernel reads it, in three bases; empty for what it refuses.
    private static OptionalLong number(String text) {
        try {
            return OptionalLong.of(Long.decode(text));
        } catch (NumberFormatException _) {
            return OptionalLong.empty();
        }
    }

    private void mapIds(Mount mount, MountOptions options, OwnedFd tree) throws IOException {
        Optional<IdMaps> wanted = wanted(mount, options, maps);
        if (wanted.isPresent()) {
            boolean recursive = options.idMapping() == MountOptions.IdMapping.TREE;
            Mounts.mapIds(tree, userNamespaces.of(wanted.get()), recursive);
        }
    }

    /// The maps that a bind mount shows its files' owners through; empty if it shows them as they are.
    ///
    /// @param container of its user namespace, which are meant without others
    static Optional<IdMaps> wanted(Mount mount, MountOptions options, IdMaps container) throws LaunchException {
        IdMaps own = new IdMaps(mount.uidMappings(), mount.gidMappings());
        if (own.isEmpty() && options.idMapping() == MountOptions.IdMapping.NONE) {
            return Optional.empty();
        }
        IdMaps wanted = own.isEmpty() ? container : own;
        if (wanted.uids().isEmpty() || wanted.gids().isEmpty()) {
            throw refused(mount, "an ID-mapped mount needs mappings of users and of groups");
        }
        return Optional.of(wanted);
    }

    static MountOptions options(Mount mount) throws LaunchException {
        try {
            return MountOptions.parse(mount.options());
        } catch (UnsupportedOptionException e) {
            throw refused(mount, String.valueOf(e.getMessage()));
        }
    }

    private static LaunchException refused(Mount mount, String problem) {
        return new LaunchException(
                "mounts:" + mount.destination(), mount.destination() + ": " + problem, null, LaunchException.SETUP);
    }
}
