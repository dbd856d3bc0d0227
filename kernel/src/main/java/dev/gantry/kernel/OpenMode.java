package dev.gantry.kernel;

import dev.gantry.kernel.ffi.Machine;

/// How a file is opened; open(2). Close-on-exec always is.
public enum OpenMode {
    READ(0),
    WRITE(1),
    READ_WRITE(2),
    /// A reference to the file that neither reads nor writes it (`O_PATH`).
    PATH(0x200000),
    CREATE(0x40),
    /// With [#CREATE]: EEXIST if the name exists, also as a symlink.
    EXCLUSIVE(0x80),
    TRUNCATE(0x200),
    APPEND(0x400),
    DIRECTORY(0x10000),
    /// ELOOP if the last component is a symlink; with [#PATH], the symlink itself.
    NO_FOLLOW(0x20000),
    NON_BLOCKING(0x800),
    /// Past the page cache; EINVAL if the file system cannot. Written by [OwnedFd#alignedOutput()].
    DIRECT(0x4000);

    private static final int O_CLOEXEC = 0x80000;
    private static final int O_NOCTTY = 0x100;

    // O_DIRECTORY, O_NOFOLLOW and O_DIRECT are 0x4000, 0x8000 and 0x10000 on aarch64
    private final int flag;

    OpenMode(int flag) {
        this.flag = flag;
    }

    static long flags(OpenMode... modes) {
        long flags = O_CLOEXEC;
        for (OpenMode mode : modes) {
            flags |= mode.onThisMachine();
        }
        // openat2 refuses O_PATH together with anything but a few flags, where openat ignores them
        return (flags & PATH.flag) == 0 ? flags | O_NOCTTY : flags;
    }

    private long onThisMachine() {
        return switch (this) {
            case DIRECTORY -> Machine.CURRENT.choose(flag, 0x4000);
            case NO_FOLLOW -> Machine.CURRENT.choose(flag, 0x8000);
            case DIRECT -> Machine.CURRENT.choose(flag, 0x10000);
            case READ, WRITE, READ_WRITE, PATH, CREATE, EXCLUSIVE, TRUNCATE, APPEND, NON_BLOCKING -> flag;
        };
    }
}
