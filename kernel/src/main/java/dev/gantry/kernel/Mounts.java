package dev.gantry.kernel;

import dev.gantry.kernel.ffi.Call;
import dev.gantry.kernel.ffi.Layouts;
import dev.gantry.kernel.ffi.SystemCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Detached mounts: file systems that nobody sees until their descriptor is moved somewhere. Closing the last
/// descriptor of
/// a detached mount unmounts it. fsopen(2), fsconfig(2), fsmount(2), open_tree(2).
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

    private Mounts() {}

    /// An overlay of host directories, with the topmost lower directory first.
    ///
    /// A string of fsconfig(2) has at most 255 bytes, so each path does; `lowerdir+` needs kernel 6.5.
    public static OwnedFd overlay(List<Path> lower, Path upper, Path work) throws KernelException {
        try (OwnedFd context = context("overlay")) {
            string(context, "source", "overlay");
            for (Path layer : lower) {
                string(context, "lowerdir+", layer.toString());
            }
            string(context, "upperdir", upper.toString());
            string(context, "workdir", work.toString());
            return mount(context, "overlay", Set.of());
        }
    }

    /// A new file system of a type, with options as mount(8) has them; an option without a value has an empty one.
    public static OwnedFd fileSystem(String type, Map<String, String> options, Set<MountAttribute> attributes)
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

    private static OwnedFd context(String type) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            long name = CString.in(arena, type, type).address();
            return new OwnedFd(
                    Kernel.call(Call.FSOPEN, type, () -> SystemCall.invoke(Call.FSOPEN, name, FSOPEN_CLOEXEC)), type);
        }
    }

    /// Makes a detached mount read-only, for everybody who has a descriptor in it.
    static void makeReadOnly(OwnedFd mount) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(Layouts.MOUNT_ATTR);
            attributes.set(ValueLayout.JAVA_LONG, 0, MountAttribute.bits(Set.of(MountAttribute.READ_ONLY)));
            long empty = CString.in(arena, "", "").address();
            Kernel.call(
                    Call.MOUNT_SETATTR,
                    mount,
                    number -> SystemCall.invoke(
                            Call.MOUNT_SETATTR,
                            number,
                            empty,
                            AT_EMPTY_PATH,
                            attributes.address(),
                            attributes.byteSize()));
        }
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

    private static OwnedFd mount(OwnedFd context, String type, Set<MountAttribute> attributes) throws KernelException {
        configure(context, FSCONFIG_CMD_CREATE, "", "");
        return new OwnedFd(
                Kernel.call(
                        Call.FSMOUNT,
                        context,
                        number -> SystemCall.invoke(
                                Call.FSMOUNT, number, FSMOUNT_CLOEXEC, MountAttribute.bits(attributes))),
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
}
