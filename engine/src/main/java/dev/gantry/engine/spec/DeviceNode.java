package dev.gantry.engine.spec;

import dev.gantry.oci.runtime.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// A device of the host.
///
/// @param type `c` or `b`
record DeviceNode(String type, long major, long minor, int mode, long uid, long gid) {
    private static final int TYPE = 0170000;
    private static final int CHARACTER = 0020000;
    private static final int BLOCK = 0060000;

    /// The device behind a path; empty if there is something else.
    static Optional<DeviceNode> find(Path path) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(path, "unix:mode,rdev,uid,gid");
        int mode = (int) attributes.getOrDefault("mode", 0);
        long device = (long) attributes.getOrDefault("rdev", 0L);
        int type = mode & TYPE;
        if (type != CHARACTER && type != BLOCK) {
            return Optional.empty();
        }
        // makedev(3) of glibc
        long major = (device >>> 8 & 0xfff) | (device >>> 32 & ~0xfffL);
        long minor = (device & 0xff) | (device >>> 12 & ~0xffL);
        int owner = (int) attributes.getOrDefault("uid", 0);
        int group = (int) attributes.getOrDefault("gid", 0);
        return Optional.of(new DeviceNode(
                type == BLOCK ? "b" : "c",
                major,
                minor,
                mode & 07777,
                Integer.toUnsignedLong(owner),
                Integer.toUnsignedLong(group)));
    }

    Device at(String path) {
        return new Device(path, type, major, minor, mode, uid, gid);
    }
}
