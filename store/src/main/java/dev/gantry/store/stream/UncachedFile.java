package dev.gantry.store.stream;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.OpenMode;
import dev.gantry.kernel.OwnedFd;
import dev.gantry.kernel.SafeDirectory;
import java.io.OutputStream;

/// A new file that is written past the page cache, where the file system lets it (open(2), `O_DIRECT`): what is large
/// and
/// is not read soon need not push others out of memory, nor be waited for when all is synced at the end.
public final class UncachedFile {
    private UncachedFile() {}

    /// What is written is complete when the stream is closed, and durable when it is synced then.
    public static OutputStream create(SafeDirectory parent, String name, int mode) throws KernelException {
        OwnedFd file = parent.createFile(name, mode);
        try {
            OwnedFd direct = file.reopen(OpenMode.WRITE, OpenMode.DIRECT);
            file.close();
            return direct.alignedOutput();
        } catch (KernelException e) {
            if (!e.errno().equals(Errno.EINVAL)) {
                file.close();
                throw e;
            }
            return file.alignedOutput(); // a tmpfs of Linux before 6.6, for one
        }
    }
}
