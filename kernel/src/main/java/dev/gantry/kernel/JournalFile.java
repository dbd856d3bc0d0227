package dev.gantry.kernel;

import dev.gantry.kernel.ffi.Call;
import dev.gantry.kernel.ffi.SystemCall;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Objects;
import java.util.OptionalLong;

/// A file that grows at its end and is given back to the file system from its beginning: positions never change, so
/// that a kill leaves nothing to be put in order. Filled by [PolledInput#moveTo].
public final class JournalFile implements AutoCloseable {

    private static final int KEEP_SIZE = 1;
    private static final int PUNCH_HOLE = 2;

    private final OwnedFd fd;

    private JournalFile(OwnedFd fd) {
        this.fd = fd;
    }

    /// Opens a file, which is made with mode 0600 if it is not there.
    public static JournalFile open(Path trusted) throws KernelException {
        return new JournalFile(HostFiles.open(trusted, OpenMode.READ_WRITE, OpenMode.CREATE, OpenMode.NO_FOLLOW));
    }

    OwnedFd descriptor() {
        return fd;
    }

    /// Where it ends.
    public long size() throws KernelException {
        return FileStatus.of(fd).size();
    }

    /// Where the first byte lies, at or behind a position, that was not given back; the end if there is none. Of a
    /// page that was given back in part, that part counts, too.
    public long data(long position) throws KernelException {
        OptionalLong found = fd.nextData(position);
        return found.isPresent() ? found.getAsLong() : size();
    }

    /// Reads that many bytes.
    ///
    /// @throws EOFException where the file has less
    public void read(long position, byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(length);
            int done = 0;
            while (done < length) {
                int begun = done;
                long count = Kernel.call(
                        Call.PREAD64,
                        fd,
                        number -> SystemCall.invoke(
                                Call.PREAD64, number, buffer.address() + begun, length - begun, position + begun));
                if (count == 0) {
                    throw new EOFException(fd + " ends before " + (position + length));
                }
                done += (int) count;
            }
            MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, bytes, offset, length);
        }
    }

    /// Gives space back: what is there reads as zeros afterwards. A page is freed when the hole covers it, also
    /// beyond the end of the file; fallocate(2).
    public void release(long position, long length) throws KernelException {
        long _ = Kernel.call(
                Call.FALLOCATE,
                fd,
                number -> SystemCall.invoke(Call.FALLOCATE, number, PUNCH_HOLE | KEEP_SIZE, position, length));
    }

    @Override
    public void close() {
        fd.close();
    }
}
