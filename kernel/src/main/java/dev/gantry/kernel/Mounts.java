package dev.gantry.kernel;

import dev.gantry.kernel.ffi.Call;
import dev.gantry.kernel.ffi.Layouts;
import dev.gantry.kernel.ffi.SystemCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Detached mounts: file systems that nobody sees until their descriptor is moved somewhere. Closing the last
/// descriptor of a detached mount unmounts it. fsopen(2), fsconfig(2), fsmount(2), open_tree(2).
public final class Mounts {

    private static final int AT_FDCWD = -100;
    private static final int AT_RECURSIVE = 0x8000;
    private static final int OPEN_TREE_CLONE = 1;
    private static final int O_CLOEXEC = 0x80000;
    private static final int FSOPEN_CLOEXEC = 1;
    private static final int FSMOUNT_CLOEXEC = 1;
    private static final int FSCONFIG_SET_FLAG = 0;
    private static final int FSCONFIG_SET_STRING = 1;
    private static final int FSCONFIG_CMD_CREATE = 6;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int MESSAGE_SIZE = 4096;
    private static final String OPENED = "/proc/self/fd/";
    private static final long MOUNT_ATTR_IDMAP = 0x10_0000;
    private static final long MS_SLAVE = 1 << 19;
    private static final int LONGEST_STRING = 255;

    /// Asked once.
    private static final class OneByOne {
        static final boolean KNOWN = ask();

        // an overlay of before 6.5 takes whatever it is told, and looks at it only when it is mounted
        private static boolean ask() {
            try (OwnedFd context = context("overlay")) {
                return takes(context, FSCONFIG_SET_STRING, "/") && !takes(context, FSCONFIG_SET_FLAG, "");
            } catch (KernelException _) {
                return true; // there are no overlays
            }
        }

        private static boolean takes(OwnedFd context, int kind, String value) throws KernelException {
            try {
                configure(context, kind, "lowerdir+", value);
                return true;
            } catch (KernelException e) {
                if (e.errno().equals(Errno.EINVAL)) {
                    return false;
                }
                throw e;
            }
        }
    }

    private Mounts() {}

    /// Whether an overlay's lower directories are named one by one, as `lowerdir+` (Linux 6.7), and not in one string.
    public static boolean namesLayersOneByOne() {
        return OneByOne.KNOWN;
    }

    /// An overlay of host directories, with the topmost lower directory first.
    ///
    /// A string of fsconfig(2) has at most 255 bytes, so each path does. Where all are named in one string, the
    /// descriptors of all lower directories have to fit: some 14 of them.
    public static OwnedFd overlay(List<Path> lower, Path upper, Path work) throws KernelException {
        if (namesLayersOneByOne()) {
            return overlay(lower.stream().map(Path::toString).toList(), upper.toString(), work.toString());
        }
        List<OwnedFd> layers = new ArrayList<>();
        List<String> names = new ArrayList<>();
        try {
            for (Path layer : lower) {
                OwnedFd opened = HostFiles.open(layer, OpenMode.READ, OpenMode.DIRECTORY);
                layers.add(opened);
                names.add(OPENED + opened.acquire());
                opened.release(); // it is open until this method ends
            }
            return overlay(names, upper.toString(), work.toString());
        } finally {
            layers.forEach(OwnedFd::close);
        }
    }

    private static OwnedFd overlay(List<String> lower, String upper, String work) throws KernelException {
        try (OwnedFd context = context("overlay")) {
            string(context, "source", "overlay");
            if (namesLayersOneByOne()) {
                for (String layer : lower) {
                    string(context, "lowerdir+", layer);
                }
            } else {
                string(context, "lowerdir", inOneString(lower));
            }
            string(context, "upperdir", upper);
            string(context, "workdir", work);
            return mount(context, "overlay", Set.of());
        }
    }

    private static String inOneString(List<String> layers) throws KernelException {
        String names = String.join(":", layers);
        if (names.length() > LONGEST_STRING) {
            throw new KernelException(
                    "fsconfig", "overlay of " + layers.size() + " layers", Errno.EINVAL, "needs Linux 6.7");
        }
        return names;
    }

    /// An overlay of detached mounts, so that each can show its files' owners in another way ([#mapIds]).
    ///
    /// @param directories where the changes go
    public static OwnedFd overlay(List<OwnedFd> lower, Changes directories) throws KernelException {
        // the kernel makes files of its own in the work directory, as who mounts: one whom that directory's maps know
        return OwnThread.<OwnedFd, KernelException>as(
                directories.uid(), directories.gid(), () -> detachedOverlay(lower, directories));
    }

    /// The upper and the work directory of an overlay.
    ///
    /// @param parent has both, as the kernel wants them below one mount
    /// @param uid owner of the work directory, as `parent` shows it
    /// @param gid group of the work directory
    public record Changes(OwnedFd parent, String upper, String work, long uid, long gid) {}

    private static OwnedFd detachedOverlay(List<OwnedFd> lower, Changes directories) throws KernelException {
        List<OwnedFd> held = new ArrayList<>(lower);
        held.add(directories.parent());
        List<String> names = new ArrayList<>();
        try {
            for (OwnedFd each : held) {
                names.add(OPENED + each.acquire());
            }
            String parent = names.getLast() + "/";
            return overlay(names.subList(0, lower.size()), parent + directories.upper(), parent + directories.work());
        } finally {
            held.subList(0, names.size()).forEach(OwnedFd::release);
        }
    }

    /// A new file system of a type, with options as mount(8) has them; an option without a value has an empty one.
    public static OwnedFd fileSystem(String type, Map<String, String> options, Set<Attribute> attributes)
            throws KernelException {
        try (OwnedFd context = context(type)) {
            for (Map.Entry<String, String> option : options.entrySet()) {
                if (option.getValue().isEmpty()) {
                    configure(context, FSCONFIG_SET_FLAG, option.getKey(), "");
                } else {
                    string(context, option.getKey(), option.getValue());
                }
            }
            return mount(context, type, attributes);
        }
    }

    /// A copy of the mount that a host path lies in, rooted at the path: what a bind mount is made of.
    ///
    /// @param recursive with all mounts below it
    public static OwnedFd openTree(Path trusted, boolean recursive) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            String path = trusted.toString();
            long name = CString.in(arena, path, path).address();
            long flags = OPEN_TREE_CLONE | O_CLOEXEC | (recursive ? AT_RECURSIVE : 0);
            return new OwnedFd(
                    Kernel.call(Call.OPEN_TREE, path, () -> SystemCall.invoke(Call.OPEN_TREE, AT_FDCWD, name, flags)),
                    path);
        }
    }

    /// As [#openTree], but of a mount in the mount namespace of another process, at a path in that process's root,
    /// which its symbolic links do not leave.
    ///
    /// open_tree(2) copies only what is in the caller's namespace, so a thread of its own goes there and ends.
    ///
    /// @param process its directory in procfs
    public static OwnedFd openTreeOf(Path process, String path, boolean recursive) throws KernelException {
        try (OwnedFd namespace = Resolution.trusted(process.resolve("ns/mnt").toString(), 0, OpenMode.READ);
                OwnedFd root = Resolution.trusted(process.resolve("root").toString(), 0, OpenMode.PATH);
                OwnedFd place = Resolution.inRoot(root, path, 0, OpenMode.PATH)) {
            return OwnThread.in(namespace, () -> cloneOf(place, recursive));
        }
    }

    /// A copy of a mount in the mount namespace of another process, without what is mounted below it.
    ///
    /// @param process its directory in procfs
    /// @param mount a descriptor of the mount's root
    /// @throws KernelException EINVAL if the mount is not in that namespace
    public static OwnedFd cloneOf(Path process, OwnedFd mount) throws KernelException {
        try (OwnedFd namespace = Resolution.trusted(process.resolve("ns/mnt").toString(), 0, OpenMode.READ)) {
            return OwnThread.in(namespace, () -> cloneOf(mount, false));
        }
    }

    /// A copy of the mount that an opened path lies in, rooted there.
    private static OwnedFd cloneOf(OwnedFd place, boolean recursive) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            long empty = CString.in(arena, "", "").address();
            long flags = OPEN_TREE_CLONE | O_CLOEXEC | AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0);
            return new OwnedFd(
                    Kernel.call(
                            Call.OPEN_TREE, place, number -> SystemCall.invoke(Call.OPEN_TREE, number, empty, flags)),
                    place.toString());
        }
    }

    /// Has a detached mount show the files' owners through the ID maps of a user namespace; mount_setattr(2),
    /// kernel 5.12.
    ///
    /// @param recursive also the mounts below it
    public static void mapIds(OwnedFd mount, OwnedFd userNamespace, boolean recursive) throws KernelException {
        int owner = userNamespace.acquire();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(Layouts.MOUNT_ATTR);
            attributes.set(ValueLayout.JAVA_LONG, Layouts.offset(Layouts.MOUNT_ATTR, "attr_set"), MOUNT_ATTR_IDMAP);
            attributes.set(ValueLayout.JAVA_LONG, Layouts.offset(Layouts.MOUNT_ATTR, "userns_fd"), owner);
            set(arena, mount, attributes, recursive);
        } finally {
            userNamespace.release();
        }
    }

    private static OwnedFd context(String type) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            long name = CString.in(arena, type, type).address();
            return new OwnedFd(
                    Kernel.call(Call.FSOPEN, type, () -> SystemCall.invoke(Call.FSOPEN, name, FSOPEN_CLOEXEC)), type);
        }
    }

    /// Has a detached copy of mounts only follow those that it is of: what is mounted in it does not show there
    /// (mount_namespaces(7), MS_SLAVE). A copy of a shared mount is its peer before.
    public static void makeSlave(OwnedFd mount) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(Layouts.MOUNT_ATTR);
            attributes.set(ValueLayout.JAVA_LONG, Layouts.offset(Layouts.MOUNT_ATTR, "propagation"), MS_SLAVE);
            set(arena, mount, attributes, true);
        }
    }

    /// Makes a detached mount read-only, for everybody who has a descriptor in it.
    ///
    /// @param recursive also the mounts below it
    public static void makeReadOnly(OwnedFd mount, boolean recursive) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(Layouts.MOUNT_ATTR);
            attributes.set(ValueLayout.JAVA_LONG, 0, Attribute.bits(Set.of(Attribute.READ_ONLY)));
            set(arena, mount, attributes, recursive);
        }
    }

    private static void set(Arena arena, OwnedFd mount, MemorySegment attributes, boolean recursive)
            throws KernelException {
        long empty = CString.in(arena, "", "").address();
        Kernel.call(
                Call.MOUNT_SETATTR,
                mount,
                number -> SystemCall.invoke(
                        Call.MOUNT_SETATTR,
                        number,
                        empty,
                        AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0),
                        attributes.address(),
                        attributes.byteSize()));
    }

    private static void string(OwnedFd context, String key, String value) throws KernelException {
        configure(context, FSCONFIG_SET_STRING, key, value);
    }

    private static void configure(OwnedFd context, int command, String key, String value) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            String subject = context + " " + key + "=" + value;
            long name = key.isEmpty() ? 0 : CString.in(arena, key, subject).address();
            long text = command == FSCONFIG_SET_STRING
                    ? CString.in(arena, value, subject).address()
                    : 0;
            long result =
                    Kernel.tried(context, number -> SystemCall.invoke(Call.FSCONFIG, number, command, name, text, 0));
            if (result < 0) {
                throw new KernelException("fsconfig", subject, new Errno((int) -result), message(context));
            }
        }
    }

    private static OwnedFd mount(OwnedFd context, String type, Set<Attribute> attributes) throws KernelException {
        configure(context, FSCONFIG_CMD_CREATE, "", "");
        return new OwnedFd(
                Kernel.call(
                        Call.FSMOUNT,
                        context,
                        number -> SystemCall.invoke(Call.FSMOUNT, number, FSMOUNT_CLOEXEC, Attribute.bits(attributes))),
                type);
    }

    /// What the file system says of the refusal; null if it says nothing.
    private static @Nullable String message(OwnedFd context) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(MESSAGE_SIZE);
            long length = Kernel.tried(
                    context, number -> SystemCall.invoke(Call.READ, number, buffer.address(), MESSAGE_SIZE));
            return length <= 0
                    ? null
                    : new String(buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8)
                            .strip();
        }
    }

    /// Attributes of a mount, mount_setattr(2).
    public enum Attribute {
        READ_ONLY(0x1),
        NO_SET_USER_ID(0x2),
        NO_DEVICES(0x4),
        NO_EXECUTE(0x8),
        NO_ACCESS_TIME(0x10),
        STRICT_ACCESS_TIME(0x20),
        NO_DIRECTORY_ACCESS_TIME(0x80),
        NO_SYMLINKS(0x200000);

        private final long bit;

        Attribute(long bit) {
            this.bit = bit;
        }

        private static long bits(Set<Attribute> attributes) {
            long bits = 0;
            for (Attribute attribute : attributes) {
                bits |= attribute.bit;
            }
            return bits;
        }
    }
}
