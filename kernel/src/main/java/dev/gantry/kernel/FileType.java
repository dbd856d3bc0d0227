package dev.gantry.kernel;

/// The type of a file, from its mode; inode(7).
public enum FileType {
    REGULAR(0x8000),
    DIRECTORY(0x4000),
    SYMLINK(0xA000),
    CHARACTER_DEVICE(0x2000),
    BLOCK_DEVICE(0x6000),
    FIFO(0x1000),
    SOCKET(0xC000);

    private final int bits;

    FileType(int bits) {
        this.bits = bits;
    }

    /// The `S_IF…` bits.
    public int bits() {
        return bits;
    }

    static FileType ofMode(int mode) {
        for (FileType type : values()) {
            if (type.bits == (mode & 0xF000)) {
                return type;
            }
        }
        throw new IllegalArgumentException("mode " + Integer.toOctalString(mode) + ": got no file type");
    }
}
