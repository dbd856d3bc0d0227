package dev.gantry.engine.conformance;

import java.util.List;
import java.util.regex.Pattern;

/// Every difference between what a container of this project's runtime sees and what one of runc sees, with its reason.
/// docs/conformance.md has the same table.
@SuppressWarnings("ImmutableEnumChecker") // patterns are immutable, but not annotated
enum Difference {
    CGROUP_DIRECTORY(
            "`/sys/fs/cgroup` is read-only",
            "That is how it is asked for. runc makes the hierarchies in it read-only, but not the tmpfs that holds them,"
                    + " so that root can make files there.",
            own("mounts", "/sys/fs/cgroup in /sys root / ro,.*"),
            runc("mounts", "/sys/fs/cgroup in /sys root / rw,.*"),
            own("read-only", "/sys/fs/cgroup .*Read-only file system"),
            runc("read-only", "/sys/fs/cgroup (writable|.*Permission denied)")),
    CGROUP_DIRECTORY_MODE(
            "`/sys/fs/cgroup` has mode 755",
            "Its tmpfs has the mode that it is mounted with. runc gives it the mode of the directory of sysfs that it"
                    + " covers.",
            own("directories", "/sys/fs/cgroup directory 755 0:0"),
            runc("directories", "/sys/fs/cgroup directory 555 0:0")),
    TERMINAL_OUTPUT(
            "a terminal writes a carriage return before a line feed",
            "So do Docker's, as every terminal does. runc in the foreground switches that off, since the terminal that"
                    + " it is started in does it.",
            own("terminal", "onlcr"),
            runc("terminal", "-onlcr")),
    ROOT_PROPAGATION(
            "with `-v …:rshared` the root is shared",
            "The root has the propagation that the spec asks for (`rootfsPropagation`, which Docker sets for such a"
                    + " mount). runc gives it to the host's mounts in the container's namespace, which then go.",
            own("mounts", "/ in - .* \\[shared\\] overlay .*"),
            runc("mounts", "/ in - .* \\[\\] overlay .*")),
    COPY_UP_MODE(
            "a tmpfs with `tmpcopyup` has the mode of the directory that it covers",
            "What is in it is that directory's content. runc copies the content, and leaves the file system at 1777.",
            own("mounts", "/etc in / .* tmpfs tmpfs rw,size=1024k,mode=755"),
            runc("mounts", "/etc in / .* tmpfs tmpfs rw,size=1024k"),
            own("directories", "/etc directory 755 0:0"),
            runc("directories", "/etc directory 1777 0:0")),
    DEVICES_OF_USERS(
            "with `--userns-remap` devices are nodes in the container's own `/dev`, and belong to its root",
            "The shim makes them before the user namespace, on a file system with other owners. runc binds the host's,"
                    + " which belong to nobody there, and masks files with the host's null device.",
            own("mounts", "/dev in / root / rw,nosuid .* tmpfs tmpfs rw,size=65536k,mode=755"),
            runc("mounts", "/dev in / root / rw,nosuid .* tmpfs tmpfs rw,size=65536k,mode=755,uid=100000,gid=100000"),
            runc("mounts", "/dev/(full|null|random|tty|urandom|zero) in /dev root /.* devtmpfs .*"),
            own("mounts", "/proc/.* in /proc root /null rw,nosuid .* tmpfs tmpfs .*"),
            runc("mounts", "/proc/.* in /proc root /null rw,relatime .* devtmpfs devtmpfs .*"),
            own("devices", ".*/dev/(full|null|random|tty|urandom|zero)\\b.* 666 0:0 .*"),
            runc("devices", ".*/dev/(full|null|random|tty|urandom|zero)\\b.* 666 65534:65534 .*")),
    MESSAGE_QUEUES_OF_USERS(
            "with `--userns-remap` the group of `/dev/mqueue` is root's",
            "So is that of everything else in `/dev`. runc becomes its member after it has made the namespace.",
            own("devices", "/dev/mqueue directory 1777 0:0 0,0"),
            runc("devices", "/dev/mqueue directory 1777 0:65534 0,0"),
            own("directories", "/dev/mqueue directory 1777 0:0"),
            runc("directories", "/dev/mqueue directory 1777 0:65534")),
    MOUNT_ORDER(
            "bind mounts and the terminal's devpts come first in `/proc/self/mountinfo`",
            "Kernels from 6.8 on list mounts in the order in which they were made, and these are made before the"
                    + " container. Their places, parents and options are the same."),
    MISSING_CAPABILITIES(
            "a capability that the daemon itself lacks is left out",
            "Many build machines lack CAP_SYS_RESOURCE, for one, and `--privileged` is to work there. runc refuses the"
                    + " container."),
    TUN_RULE(
            "`/dev/net/tun` may not be used, unless it is given",
            "runc before 1.2 lets every container use it.",
            runc("outside", "devices/devices.list c 10:200 rwm"),
            own("cgroup", "devices/devices.list .*"),
            runc("cgroup", "devices/devices.list .*c 10:200 rwm.*")),
    DOMAIN_NAME(
            "`--domainname` is set",
            "runc before 1.2 does not know it.",
            own("identity", "example"),
            runc("identity", "\\(none\\)")),
    IGNORED_SIGNALS(
            "no signal is ignored",
            "runc hands on what its caller ignores; signal 32 for example, which is the C library's own, where a"
                    + " program has been started by certain others.",
            own("status", "SigIgn: 0000000000000004"),
            runc("status", "SigIgn: 0000000[0-9a-f]80000004"));

    private final String what;
    private final String reason;
    private final List<Line> lines;

    Difference(String what, String reason, Line... lines) {
        this.what = what;
        this.reason = reason;
        this.lines = List.of(lines);
    }

    /// Which container sees a line.
    enum Side {
        OWN,
        RUNC
    }

    private record Line(Side side, String section, Pattern pattern) {}

    private static Line own(String section, String pattern) {
        return new Line(Side.OWN, section, Pattern.compile(pattern));
    }

    private static Line runc(String section, String pattern) {
        return new Line(Side.RUNC, section, Pattern.compile(pattern));
    }

    /// Whether a line may be different.
    boolean explains(Side side, String section, String line) {
        return lines.stream()
                .anyMatch(each -> each.side == side
                        && each.section.equals(section)
                        && each.pattern.matcher(line).matches());
    }

    /// Whether it is there with every version of runc and every caller: such a row that is never seen is wrong.
    boolean permanent() {
        return switch (this) {
            case CGROUP_DIRECTORY,
                    CGROUP_DIRECTORY_MODE,
                    TERMINAL_OUTPUT,
                    ROOT_PROPAGATION,
                    COPY_UP_MODE,
                    DEVICES_OF_USERS -> true;
            case MESSAGE_QUEUES_OF_USERS, MOUNT_ORDER, MISSING_CAPABILITIES, TUN_RULE, DOMAIN_NAME, IGNORED_SIGNALS ->
                false;
        };
    }

    /// The row of docs/conformance.md.
    String row() {
        return "| " + what + " | " + reason + " |";
    }
}
