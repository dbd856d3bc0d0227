package dev.gantry.cli.tar;

import java.time.Instant;

/// One member of an archive.
///
/// @param name with a slash at the end if it is a directory
/// @param link where a link leads to, else empty
/// @param size of a file's content, else 0
public record TarMember(
        String name, Type type, String link, int mode, Owner owner, long size, Instant modified, Device device) {
    /// What it is.
    public enum Type {
        FILE('0'),
        HARD_LINK('1'),
        SYMLINK('2'),
        CHARACTER_DEVICE('3'),
        BLOCK_DEVICE('4'),
        DIRECTORY('5'),
        FIFO('6');

        private final char flag;

        Type(char flag) {
            this.flag = flag;
        }

        char flag() {
            return flag;
        }
    }

    /// By numbers.
    public record Owner(long uid, long gid) {}

    /// The number of a device.
    public record Device(int major, int minor) {
        public static final Device NONE = new Device(0, 0);
    }

    /// The same member under another name, or linked to another one.
    public TarMember renamed(String otherName, String otherLink) {
        return new TarMember(otherName, type, otherLink, mode, owner, size, modified, device);
    }
}
