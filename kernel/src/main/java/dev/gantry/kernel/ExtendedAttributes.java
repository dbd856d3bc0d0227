package dev.gantry.kernel;

import dev.gantry.kernel.ffi.Call;
import dev.gantry.kernel.ffi.SystemCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// xattr(7) on what an `O_PATH` descriptor is open on, by way of /proc/self/fd: the link leads to the open file
/// itself, also where that is a symlink (a symlink's own attributes then need `trusted.` or `security.` names).
public final class ExtendedAttributes {

    /// `XATTR_SIZE_MAX` and `XATTR_LIST_MAX`.
    private static final int LARGEST = 64 * 1024;

    private ExtendedAttributes() {}

    private interface PathCall {
        long run(Arena arena, long path);
    }

    private static long on(OwnedFd file, PathCall attempt) throws KernelException {
        int number = file.acquire();
        try (Arena arena = Arena.ofConfined()) {
            long path = arena.allocateFrom("/proc/self/fd/" + number).address();
            return Kernel.uninterrupted(() -> attempt.run(arena, path));
        } finally {
            file.release();
        }
    }

    /// Sets an attribute, new or not.
    public static void set(OwnedFd file, String name, byte[] value) throws KernelException {
        long result = on(file, (arena, path) -> {
            MemorySegment bytes = arena.allocate(Math.max(1, value.length));
            MemorySegment.copy(value, 0, bytes, ValueLayout.JAVA_BYTE, 0, value.length);
            long key = arena.allocateFrom(name).address();
            return SystemCall.invoke(Call.SETXATTR, path, key, bytes.address(), value.length, 0);
        });
        Kernel.check("setxattr", file + " " + name, result);
    }

    /// The value of an attribute; empty if there is none of that name.
    public static Optional<byte[]> get(OwnedFd file, String name) throws KernelException {
        try (Arena outer = Arena.ofConfined()) {
            MemorySegment buffer = outer.allocate(LARGEST);
            long result = on(
                    file,
                    (arena, path) -> SystemCall.invoke(
                            Call.GETXATTR, path, arena.allocateFrom(name).address(), buffer.address(), LARGEST));
            if (Kernel.failedWith(Errno.ENODATA, result) || Kernel.failedWith(Errno.EOPNOTSUPP, result)) {
                return Optional.empty();
            }
            Kernel.check("getxattr", file + " " + name, result);
            return Optional.of(buffer.asSlice(0, result).toArray(ValueLayout.JAVA_BYTE));
        }
    }

    /// The names of all attributes; none where the file system has no such thing.
    public static List<String> list(OwnedFd file) throws KernelException {
        try (Arena outer = Arena.ofConfined()) {
            MemorySegment buffer = outer.allocate(LARGEST);
            long result = on(file, (_, path) -> SystemCall.invoke(Call.LISTXATTR, path, buffer.address(), LARGEST));
            if (Kernel.failedWith(Errno.EOPNOTSUPP, result)) {
                return List.of();
            }
            Kernel.check("listxattr", file.toString(), result);
            List<String> names = new ArrayList<>();
            for (long at = 0; at < result; ) {
                String name = buffer.getString(at);
                names.add(name);
                at += name.length() + 1L; // attribute names are ASCII
            }
            return names;
        }
    }
}
