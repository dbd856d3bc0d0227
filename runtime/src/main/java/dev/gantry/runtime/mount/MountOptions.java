package dev.gantry.runtime.mount;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// The options of a mount in the runtime spec, sorted by what applies them.
///
/// @param recursive whether a bind mount takes the mounts below its source with it
/// @param set mount attributes to set (`MOUNT_ATTR_…`, see mount_setattr(2))
/// @param clear mount attributes to clear
/// @param recursiveSet attributes to set on the whole tree
/// @param recursiveClear attributes to clear on the whole tree
/// @param propagation `MS_PRIVATE` and the like
/// @param recursivePropagation whether the propagation is for the whole tree
/// @param superblock flags of the file system itself: `sync`, `dirsync`, `lazytime`, `mand`
/// @param data what the file system understands: `size=64m`
/// @param idMapping which mounts show their files' owners through a user namespace
/// @param copyUp whether a tmpfs begins with what the directory has that it covers
public record MountOptions(
        boolean recursive,
        long set,
        long clear,
        long recursiveSet,
        long recursiveClear,
        OptionalLong propagation,
        boolean recursivePropagation,
        List<String> superblock,
        List<String> data,
        IdMapping idMapping,
        boolean copyUp) {
    // linux/mount.h
    public static final long RDONLY = 0x1;
    public static final long NOSUID = 0x2;
    public static final long NODEV = 0x4;
    public static final long NOEXEC = 0x8;
    public static final long NOATIME = 0x10;
    public static final long STRICTATIME = 0x20;
    public static final long NODIRATIME = 0x80;
    public static final long NOSYMFOLLOW = 0x20_0000;
    /// The bits that hold one of relatime, noatime and strictatime.
    public static final long ATIME_MASK = 0x70;

    public static final long MS_UNBINDABLE = 1 << 17;
    public static final long MS_PRIVATE = 1 << 18;
    public static final long MS_SLAVE = 1 << 19;
    public static final long MS_SHARED = 1 << 20;

    private static final Map<String, Long> SETTING = Map.of(
            "ro", RDONLY,
            "nosuid", NOSUID,
            "nodev", NODEV,
            "noexec", NOEXEC,
            "noatime", NOATIME,
            "strictatime", STRICTATIME,
            "nodiratime", NODIRATIME,
            "nosymfollow", NOSYMFOLLOW);

    private static final Map<String, Long> CLEARING = Map.of(
            "rw", RDONLY,
            "suid", NOSUID,
            "dev", NODEV,
            "exec", NOEXEC,
            "atime", NOATIME,
            "diratime", NODIRATIME,
            "symfollow", NOSYMFOLLOW,
            "relatime", ATIME_MASK,
            "norelatime", 0L,
            "nostrictatime", STRICTATIME);

    private static final Map<String, Long> PROPAGATION =
            Map.of("unbindable", MS_UNBINDABLE, "private", MS_PRIVATE, "slave", MS_SLAVE, "shared", MS_SHARED);

    private static final List<String> SUPERBLOCK = List.of("sync", "dirsync", "lazytime", "mand");

    /// Options that say nothing here: the kernel's defaults, what it has no messages for any more, and what
    /// [dev.gantry.oci.runtime.Mount#isBind] reads.
    private static final List<String> IGNORED =
            List.of("bind", "defaults", "async", "nolazytime", "nomand", "loud", "silent", "noiversion");

    /// Options that would change a mount that is there, or that only mount(2) knows.
    private static final List<String> REFUSED = List.of("remount", "iversion", "copy-symlink", "src-nofollow");

    /// Which mounts have other owners.
    public enum IdMapping {
        NONE,
        MOUNT,
        TREE
    }

    public MountOptions {
        superblock = List.copyOf(superblock);
        data = List.copyOf(data);
    }

    /// Sorts the options of a mount. A later option wins over an earlier one.
    ///
    /// @throws UnsupportedOptionException if an option asks for something that this runtime does not do
    public static MountOptions parse(List<String> options) throws UnsupportedOptionException {
        Sorter sorter = new Sorter();
        for (String option : options) {
            sorter.take(option);
        }
        return sorter.result();
    }

    /// The names of all that are known, without what file systems understand.
    public static List<String> names() {
        return Stream.of(
                        Stream.concat(SETTING.keySet().stream(), CLEARING.keySet().stream())
                                .flatMap(MountOptions::alone),
                        PROPAGATION.keySet().stream().flatMap(MountOptions::alone),
                        SUPERBLOCK.stream(),
                        IGNORED.stream(),
                        Stream.of("rbind", "idmap", "ridmap", "tmpcopyup"))
                .flatMap(each -> each)
                .sorted()
                .toList();
    }

    private static Stream<String> alone(String name) {
        return Stream.of(name, "r" + name);
    }

    /// The propagation flag of a name such as `rslave`; empty if it is none.
    public static OptionalLong propagationOf(String name) {
        Long exact = PROPAGATION.get(name);
        Long recursive = name.startsWith("r") ? PROPAGATION.get(name.substring(1)) : null;
        return exact != null
                ? OptionalLong.of(exact)
                : recursive != null ? OptionalLong.of(recursive) : OptionalLong.empty();
    }

    /// Whether the mount itself is read-only.
    public boolean readOnly() {
        return ((set | recursiveSet) & RDONLY) != 0;
    }

    private static final class Sorter {
        private final List<String> superblock = new ArrayList<>();
        private final List<String> data = new ArrayList<>();
        private final Bits own = new Bits();
        private final Bits tree = new Bits();
        private boolean recursive;
        private OptionalLong propagation = OptionalLong.empty();
        private boolean recursivePropagation;
        private IdMapping idMapping = IdMapping.NONE;
        private boolean copyUp;

        void take(String option) throws UnsupportedOptionException {
            if (option.equals("rbind")) {
                recursive = true;
            } else if (propagationOf(option).isPresent()) {
                propagation = propagationOf(option);
                recursivePropagation = option.startsWith("r");
            } else if (own.take(option) || (option.startsWith("r") && tree.take(option.substring(1)))) {
                return;
            } else if (SUPERBLOCK.contains(option)) {
                superblock.add(option);
            } else if (option.equals("idmap")) {
                idMapping = IdMapping.MOUNT;
            } else if (option.equals("ridmap")) {
                idMapping = IdMapping.TREE;
            } else if (option.equals("tmpcopyup")) {
                copyUp = true;
            } else if (REFUSED.contains(option)) {
                throw new UnsupportedOptionException(option);
            } else if (!IGNORED.contains(option) && !option.isEmpty()) {
                data.add(option);
            }
        }

        MountOptions result() {
            return new MountOptions(
                    recursive,
                    own.set,
                    own.clear,
                    tree.set,
                    tree.clear,
                    propagation,
                    recursivePropagation,
                    superblock,
                    data,
                    idMapping,
                    copyUp);
        }
    }

    private static final class Bits {
        private long set;
        private long clear;

        boolean take(String option) {
            Long setting = SETTING.get(option);
            Long clearing = CLEARING.get(option);
            if (setting != null) {
                // the three atime modes are one field: setting one replaces another
                long field = (setting & ATIME_MASK) != 0 ? ATIME_MASK : setting;
                set = (set & ~field) | setting;
                clear = (clear & ~field) | ((setting & ATIME_MASK) != 0 ? ATIME_MASK : 0);
            } else if (clearing != null) {
                set &= ~clearing;
                clear |= (clearing & ATIME_MASK) != 0 ? (clearing & ~ATIME_MASK) | ATIME_MASK : clearing;
            }
            return setting != null || clearing != null;
        }
    }
}
