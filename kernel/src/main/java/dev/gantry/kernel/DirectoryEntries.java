package dev.gantry.kernel;

import dev.gantry.kernel.ffi.Call;
import dev.gantry.kernel.ffi.SystemCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// getdents64(2).
final class DirectoryEntries {

    private static final int BUFFER = 32 * 1024;
    /// Offsets in `struct linux_dirent64`: ino 8, off 8, reclen 2, type 1, name.
    private static final long RECORD_LENGTH = 16;

    private static final long NAME = 19;

    private DirectoryEntries() {}

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
        return CString.text(java.util.Arrays.copyOf(bytes, end));
    }
}
