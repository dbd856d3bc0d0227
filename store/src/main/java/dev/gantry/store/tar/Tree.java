package dev.gantry.store.tar;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// A directory that layers are unpacked into and read from.
///
/// Paths are relative to its root. All but the last component may go through symbolic links, which are resolved
/// within the root; the last component is never followed.
public interface Tree {
    /// What a name stands for.
    record Status(
            TarEntry.Type type,
            TarEntry.Ownership owner,
            int mode,
            long size,
            long inode,
            long links,
            TarEntry.Device device,
            Instant modified) {
        boolean isDirectory() {
            return type == TarEntry.Type.DIRECTORY;
        }

        /// Overlay's mark of a deleted file: character device 0:0 (kernel, filesystems/overlayfs.rst, "whiteouts").
        boolean isWhiteout() {
            return type == TarEntry.Type.CHARACTER_DEVICE && device.major() == 0 && device.minor() == 0;
        }
    }

    /// A new regular file.
    interface NewFile extends AutoCloseable {
        void write(byte[] bytes, int length) throws IOException;

        /// Goes on at this offset; what lies between stays a hole.
        void seek(long offset) throws IOException;

        void truncate(long size) throws IOException;

        @Override
        void close() throws IOException;
    }

    /// A regular file that is read.
    interface OldFile extends AutoCloseable {
        /// Where content goes on at or behind a place; empty if nothing but a hole follows.
        OptionalLong nextContent(long position) throws IOException;

        /// Reads some bytes from a place on.
        ///
        /// @return how many; -1 at the end
        int read(long position, byte[] bytes, int offset, int length) throws IOException;

        @Override
        void close();
    }

    /// Empty if the name, or a directory before it, does not exist.
    Optional<Status> status(String path) throws IOException;

    NewFile createFile(String path) throws IOException;

    void createDirectory(String path) throws IOException;

    void createSymlink(String path, String target) throws IOException;

    void createHardLink(String path, String existing) throws IOException;

    void createSpecial(String path, TarEntry.Type type, TarEntry.Device device) throws IOException;

    /// Removes whatever the name stands for, a directory with all it contains.
    void removeTree(String path) throws IOException;

    void setOwner(String path, TarEntry.Ownership owner) throws IOException;

    /// Not for symbolic links.
    void setMode(String path, int mode) throws IOException;

    void setModified(String path, Instant modified) throws IOException;

    /// False if the file system or its rules do not take the attribute.
    boolean setXattr(String path, String name, byte[] value) throws IOException;

    /// The names in a directory, in no order.
    List<String> list(String path) throws IOException;

    String readSymlink(String path) throws IOException;

    Map<String, TarEntry.Xattr> xattrs(String path) throws IOException;

    /// For a regular file; to be closed.
    OldFile read(String path) throws IOException;
}
