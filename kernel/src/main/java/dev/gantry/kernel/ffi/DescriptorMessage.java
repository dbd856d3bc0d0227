package dev.gantry.kernel.ffi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

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

    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM_CLOEXEC = 1 | 0x80000;
    private static final int MSG_NOSIGNAL = 0x4000;
    /// Of `sun_path`, with the NUL at its end.
    private static final int PATH_SIZE = 108;

    private static final int ENAMETOOLONG = 36;

    private DescriptorMessage() {}

    /// Connects to whoever listens on a socket of the file system.
    ///
    /// @return the connection's number, or the negative error number of socket(2) or connect(2)
    public static long connect(Path socket) {
        byte[] path = socket.toString().getBytes(StandardCharsets.UTF_8);
        if (path.length >= PATH_SIZE) {
            return -ENAMETOOLONG;
        }
        long connection = SystemCall.invoke(Call.SOCKET, AF_UNIX, SOCK_STREAM_CLOEXEC, 0);
        if (connection < 0) {
            return connection;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(Short.BYTES + PATH_SIZE, Short.BYTES);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(path, 0, address, ValueLayout.JAVA_BYTE, Short.BYTES, path.length);
            long connected = SystemCall.invoke(Call.CONNECT, connection, address.address(), address.byteSize());
            if (connected < 0) {
                long _ = SystemCall.invoke(Call.CLOSE, connection);
                return connected;
            }
            return connection;
        }
    }

    /// Sends a descriptor over a connection.
    ///
    /// @param text what is sent with it
    /// @return not negative, or the negative error number of sendmsg(2)
    public static long send(int connection, int descriptor, String text) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment message = of(arena, descriptor, text.getBytes(StandardCharsets.UTF_8));
            return SystemCall.invoke(Call.SENDMSG, connection, message.address(), MSG_NOSIGNAL);
        }
    }

    /// A message, in memory that lives as long as the arena.
    ///
    /// @param text what is sent with it, not empty: without a byte nothing is received
    private static MemorySegment of(Arena arena, int descriptor, byte[] text) {
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
