package dev.gantry.kernel.tree;

import dev.gantry.kernel.FileStatus;
import dev.gantry.kernel.FileType;
import dev.gantry.kernel.OpenMode;
import dev.gantry.kernel.OwnedFd;
import dev.gantry.kernel.SafeDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Copies what is in a directory, with everything that the files have: owner, mode, times, extended attributes, links
/// among themselves.
public final class TreeCopy {
    private final SafeDirectory from;
    private final SafeDirectory to;
    /// Where files with several names were copied to first.
    private final Map<Long, String> linked = new HashMap<>();
    private final byte[] buffer = new byte[128 << 10];

    public TreeCopy(SafeDirectory from, SafeDirectory to) {
        this.from = from;
        this.to = to;
    }

    /// Copies everything; the directory itself keeps its attributes.
    public void run() throws IOException {
        children("");
    }

    private void children(String directory) throws IOException {
        for (String name : from.list(directory.isEmpty() ? "/" : directory)) {
            copy(directory + "/" + name);
        }
    }

    private void copy(String path) throws IOException {
        FileStatus status = from.statusNoFollow(path);
        String first = status.links() > 1 && !status.isDirectory() ? linked.putIfAbsent(status.inode(), path) : null;
        if (first != null) {
            to.createHardLink(first, path);
            return;
        }
        switch (status.type()) {
            case REGULAR -> content(path, status.size());
            case DIRECTORY -> {
                to.createDirectory(path, 0700);
                children(path);
            }
            case SYMLINK -> to.createSymlink(from.readSymlink(path), path);
            case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO ->
                to.createNode(path, status.type(), status.mode(), status.special());
            case SOCKET -> {
                // belongs to a process, not to an image
                return;
            }
        }
        attributes(path, status);
    }

    /// Holes stay holes, and are not read.
    private void content(String path, long size) throws IOException {
        try (OwnedFd source = from.openFile(path, OpenMode.READ, OpenMode.NO_FOLLOW, OpenMode.NON_BLOCKING);
                InputStream in = source.input();
                OwnedFd target = to.createFile(path, 0600);
                OutputStream out = target.output()) {
            long end = 0;
            for (OptionalLong data = source.nextData(end); data.isPresent(); data = source.nextData(end)) {
                long start = data.getAsLong();
                end = source.nextHole(start).orElse(size);
                source.seek(start);
                target.seek(start);
                copy(in, out, end - start);
            }
            target.truncate(size);
        }
    }

    private void copy(InputStream in, OutputStream out, long length) throws IOException {
        long left = length;
        while (left > 0) {
            int count = in.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (count < 0) {
                return;
            }
            out.write(buffer, 0, count);
            left -= count;
        }
    }

    private void attributes(String path, FileStatus status) throws IOException {
        to.chown(path, status.uid(), status.gid());
        if (status.type() != FileType.SYMLINK) {
            for (String name : from.listXattrs(path)) {
                Optional<byte[]> value = from.getXattr(path, name);
                // overlay's own marks are no attributes of the file
                if (value.isPresent() && !name.startsWith("trusted.overlay.")) {
                    to.setXattr(path, name, value.get());
                }
            }
            // after the owner, whose change clears set-user-ID
            to.chmod(path, status.mode());
        }
        to.setTimes(path, status.modified(), status.modified());
    }
}
