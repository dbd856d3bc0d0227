package dev.gantry.kernel;

import dev.gantry.kernel.ffi.Call;
import dev.gantry.kernel.ffi.SystemCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Calls on the entries of a directory; none follows a symlink.
final class Entries {

    private static final int AT_REMOVEDIR = 0x200;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int PATH_MAX = 4096;

    private Entries() {}

    /// A name in an open directory.
    ///
    /// @param owned whether the directory is closed with this
    /// @param name one component, neither `.` nor `..`
    /// @param subject the path as the caller gave it, for exceptions
    record Place(OwnedFd directory, boolean owned, String name, String subject) implements AutoCloseable {

        Place(OwnedFd directory, String name, String subject) {
            this(directory, true, name, subject);
        }

        @Override
        public void close() {
            if (owned) {
                directory.close();
            }
        }
    }

    /// A call on a directory's descriptor and a name.
    private interface NameCall {
        long run(int directory, long name);
    }

    private static long on(Place place, Call call, NameCall attempt) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            long name = CString.in(arena, place.name(), place.subject()).address();
            return Kernel.call(call, place.subject(), place.directory(), number -> attempt.run(number, name));
        }
    }

    static void makeDirectory(Place place, int mode) throws KernelException {
        on(place, Call.MKDIRAT, (directory, name) -> SystemCall.invoke(Call.MKDIRAT, directory, name, mode));
        chmod(place, mode);
    }

    static void makeNode(Place place, FileType type, int mode, FileStatus.Device device) throws KernelException {
        on(
                place,
                Call.MKNODAT,
                (directory, name) ->
                        SystemCall.invoke(Call.MKNODAT, directory, name, type.bits() | mode, device.packed()));
        if (!(type == FileType.CHARACTER_DEVICE && device.packed() == 0)) {
            chmod(place, mode); // an overlay whiteout (0:0) cannot be opened
        }
    }

    static void makeSymlink(Place place, String target) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            long text = CString.in(arena, target, place.subject()).address();
            on(place, Call.SYMLINKAT, (directory, name) -> SystemCall.invoke(Call.SYMLINKAT, text, directory, name));
        }
    }

    /// Links a name; what a descriptor is open on, where it has none.
    static void link(Place from, Place to) throws KernelException {
        int flags = from.name().isEmpty() ? AT_EMPTY_PATH : 0;
        both(
                from,
                to,
                Call.LINKAT,
                (fromDirectory, fromName, toDirectory, toName) ->
                        SystemCall.invoke(Call.LINKAT, fromDirectory, fromName, toDirectory, toName, flags));
    }

    static void rename(Place from, Place to) throws KernelException {
        both(
                from,
                to,
                Call.RENAMEAT2,
                (fromDirectory, fromName, toDirectory, toName) ->
                        SystemCall.invoke(Call.RENAMEAT2, fromDirectory, fromName, toDirectory, toName, 0));
    }

    static String readLink(Place place) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(PATH_MAX);
            long length = on(
                    place,
                    Call.READLINKAT,
                    (directory, name) ->
                            SystemCall.invoke(Call.READLINKAT, directory, name, buffer.address(), PATH_MAX));
            return CString.text(buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
        }
    }

    /// Removes a file or an empty directory.
    static void remove(Place place) throws KernelException {
        long _ = Kernel.check(Call.UNLINKAT.symbol(), place.subject(), tryRemove(place));
    }

    /// Removes a file or an empty directory, or says what the kernel answered: whoever empties a tree expects that.
    ///
    /// @return zero or the negative error number
    static long tryRemove(Place place) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            long name = CString.in(arena, place.name(), place.subject()).address();
            long result =
                    Kernel.tried(place.directory(), directory -> SystemCall.invoke(Call.UNLINKAT, directory, name, 0));
            return Kernel.failedWith(Errno.EISDIR, result)
                    ? Kernel.tried(
                            place.directory(),
                            directory -> SystemCall.invoke(Call.UNLINKAT, directory, name, AT_REMOVEDIR))
                    : result;
        }
    }

    /// The mode of mkdirat and mknodat goes through the umask; this one is exact. Another file that took the name
    /// since lies in the same tree.
    private static void chmod(Place place, int mode) throws KernelException {
        try (OwnedFd made = Resolution.inRoot(place.directory(), place.name(), 0, OpenMode.PATH, OpenMode.NO_FOLLOW)) {
            if (FileStatus.of(made).type() != FileType.SYMLINK) {
                FileAttributes.chmod(made, mode);
            }
        }
    }

    private interface TwoNamesCall {
        long run(int fromDirectory, long fromName, int toDirectory, long toName);
    }

    private static void both(Place from, Place to, Call call, TwoNamesCall attempt) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            long fromName = CString.in(arena, from.name(), from.subject()).address();
            long toName = CString.in(arena, to.name(), to.subject()).address();
            int fromDirectory = from.directory().acquire();
            try {
                Kernel.call(
                        call,
                        from.subject() + " to " + to.subject(),
                        to.directory(),
                        toDirectory -> attempt.run(fromDirectory, fromName, toDirectory, toName));
            } finally {
                from.directory().release();
            }
        }
    }

    /// The names in a directory, getdents64(2).
    static final class Listing {

        private static final int BUFFER = 32 * 1024;
        /// Offsets in `struct linux_dirent64`: ino 8, off 8, reclen 2, type 1, name.
        private static final long RECORD_LENGTH = 16;

        private static final long NAME = 19;

        private Listing() {}

        /// The names in a directory opened for reading, without `.` and `..`.
        static List<String> names(OwnedFd directory) throws KernelException {
            List<String> names = new ArrayList<>();
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment buffer = arena.allocate(BUFFER, Long.BYTES);
                while (true) {
                    long filled = Kernel.call(
                            Call.GETDENTS64,
                            directory,
                            number -> SystemCall.invoke(Call.GETDENTS64, number, buffer.address(), BUFFER));
                    if (filled == 0) {
                        return names;
                    }
                    collect(buffer.asSlice(0, filled), names);
                }
            }
        }

        private static void collect(MemorySegment records, List<String> names) {
            long at = 0;
            while (at < records.byteSize()) {
                int length = Short.toUnsignedInt(records.get(ValueLayout.JAVA_SHORT, at + RECORD_LENGTH));
                String name = name(records.asSlice(at + NAME, length - NAME));
                if (!name.equals(".") && !name.equals("..")) {
                    names.add(name);
                }
                at += length;
            }
        }

        private static String name(MemorySegment padded) {
            byte[] bytes = padded.toArray(ValueLayout.JAVA_BYTE);
            int end = 0;
            while (end < bytes.length && bytes[end] != 0) {
                end++;
            }
            return CString.text(Arrays.copyOf(bytes, end));
        }
    }
}
