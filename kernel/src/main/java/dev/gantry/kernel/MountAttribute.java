package dev.gantry.kernel;

import java.util.Set;

/// Attributes of a mount, mount_setattr(2).
public enum MountAttribute {
    READ_ONLY(0x1),
    NO_SET_USER_ID(0x2),
    NO_DEVICES(0x4),
    NO_EXECUTE(0x8),
    NO_ACCESS_TIME(0x10),
    STRICT_ACCESS_TIME(0x20),
    NO_DIRECTORY_ACCESS_TIME(0x80),
    NO_SYMLINKS(0x200000);

    private final long bit;

    MountAttribute(long bit) {
        this.bit = bit;
    }

    static long bits(Set<MountAttribute> attributes) {
        long bits = 0;
        for (MountAttribute attribute : attributes) {
            bits |= attribute.bit;
        }
        return bits;
    }
}
