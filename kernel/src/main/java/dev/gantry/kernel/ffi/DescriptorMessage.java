package dev.gantry.kernel.ffi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A `struct msghdr` that carries a descriptor, `SCM_RIGHTS` in unix(7); the same on all 64-bit architectures.
public final class DescriptorMessage {
    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;

    /// Of `struct msghdr`, and where its members are.
    private static final int MSGHDR_SIZE = 56;
    private static final int MSG_IOV = 16;
    private static final int MSG_IOVLEN = 24;
    private static final int MSG_CONTROL = 32;
    private static final int MSG_CONTROLLEN = 40;

    /// Of `struct cmsghdr` with one descriptor, and the space that it takes.
    private static final int CMSG_LENGTH = 16 + Integer.BYTES;
    private static final int CMSG_SPACE = 24;

    private DescriptorMessage() {}

    /// A message, in memory that lives as long as the arena.
    ///
    /// @param text what is sent with it, not empty: without a byte nothing is received
    public static MemorySegment of(Arena arena, int descriptor, byte[] text) {
        MemorySegment content = arena.allocateFrom(ValueLayout.JAVA_BYTE, text);
        MemorySegment vector = arena.allocate(ValueLayout.JAVA_LONG, 2);
        vector.setAtIndex(ValueLayout.JAVA_LONG, 0, content.address());
        vector.setAtIndex(ValueLayout.JAVA_LONG, 1, content.byteSize());
        MemorySegment control = arena.allocate(CMSG_SPACE, Long.BYTES);
        control.set(ValueLayout.JAVA_LONG, 0, CMSG_LENGTH);
        control.set(ValueLayout.JAVA_INT, 8, SOL_SOCKET);
        control.set(ValueLayout.JAVA_INT, 12, SCM_RIGHTS);
        control.set(ValueLayout.JAVA_INT, 16, descriptor);
        MemorySegment header = arena.allocate(MSGHDR_SIZE, Long.BYTES);
        header.set(ValueLayout.JAVA_LONG, MSG_IOV, vector.address());
        header.set(ValueLayout.JAVA_LONG, MSG_IOVLEN, 1);
        header.set(ValueLayout.JAVA_LONG, MSG_CONTROL, control.address());
        header.set(ValueLayout.JAVA_LONG, MSG_CONTROLLEN, control.byteSize());
        return header;
    }
}
