package dev.gantry.runtime.launch.compile;

import static dev.gantry.runtime.launch.compile.Emitter.ZERO;
import static dev.gantry.runtime.launch.compile.Emitter.value;

import dev.gantry.oci.runtime.Device;
import dev.gantry.oci.runtime.User;
import dev.gantry.runtime.idmap.IdMaps;
import dev.gantry.runtime.launch.RefusedException;
import dev.gantry.runtime.program.ErrorNumber;
import dev.gantry.runtime.program.Label;
import dev.gantry.runtime.program.OnError;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.Slot;
import dev.gantry.runtime.program.Syscall;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The nodes and links in `/dev`: mostly on the runtime's own tmpfs, where no image and no other process has anything,
/// else in the root's own directory, where what is there already stays.
final class DeviceSteps {
    private static final List<Device> STANDARD = List.of(
            character("/dev/null", 1, 3),
            character("/dev/zero", 1, 5),
            character("/dev/full", 1, 7),
            character("/dev/tty", 5, 0),
            character("/dev/random", 1, 8),
            character("/dev/urandom", 1, 9));

    private static final Map<String, String> LINKS = links();

    private final Emitter e;
    private final IdMaps maps;

    DeviceSteps(Emitter e) {
        this(e, IdMaps.NONE);
    }

    /// @param maps of the namespace in which the devices' owners are; none if that is the program's own
    DeviceSteps(Emitter e, IdMaps maps) {
        this.e = e;
        this.maps = maps;
    }

    private static Device character(String path, long major, long minor) {
        return new Device(path, "c", major, minor, 0666, 0L, 0L);
    }

    private static Map<String, String> links() {
        Map<String, String> links = new LinkedHashMap<>();
        links.put("fd", "/proc/self/fd");
        links.put("stdin", "/proc/self/fd/0");
        links.put("stdout", "/proc/self/fd/1");
        links.put("stderr", "/proc/self/fd/2");
        links.put("ptmx", "pts/ptmx");
        return links;
    }

    /// Fills a fresh `/dev`.
    ///
    /// @return the null device, opened for reading and writing
    Slot populate(Operand dev, List<Device> devices) throws RefusedException {
        fill(dev, devices);
        Slot opened = e.b.slot("null");
        e.step("open /dev/null", "default");
        e.openWithoutLinks(opened, OnError.FAIL, dev, "null", Uapi.O_RDWR);
        return opened;
    }

    /// Fills the root's own `/dev`, where nothing is mounted.
    ///
    /// A link is refused there as it is below a mount: it would say where nodes are made.
    ///
    /// @return the directory
    Slot populateInRoot(Operand root, List<Device> devices) throws RefusedException {
        Slot dev = directory(root);
        fill(dev, devices);
        return dev;
    }

    /// The container's `/dev`, whatever that is.
    Slot directory(Operand root) {
        e.step("open /dev", "default");
        return new Target(e, root, maps).open("/dev", Target.Kind.PLAIN_DIRECTORY, null);
    }

    private void fill(Operand dev, List<Device> devices) throws RefusedException {
        Map<String, Device> asked = new LinkedHashMap<>();
        for (Device each : devices) {
            // the host's /dev/ptmx, which --privileged finds, would hide the container's own
            if (inDev(each) && !each.path().equals("/dev/ptmx")) {
                asked.putIfAbsent(each.path(), each); // what is there already stays
            }
        }
        Map<String, Device> all = new LinkedHashMap<>();
        STANDARD.forEach(each -> all.put(each.path(), each));
        all.putAll(asked);
        for (Device each : all.values()) {
            node(dev, each, each.path().substring("/dev/".length()));
        }
        e.step("link the standard streams", "default");
        LINKS.forEach((name, to) -> link(dev, name, to));
    }

    private void link(Operand dev, String name, String to) {
        Label exists = e.label("exists");
        OnError onError = OnError.FAIL.jump(ErrorNumber.EEXIST, exists);
        e.b.call(onError, Syscall.SYMLINKAT, e.text(to), dev, e.text(name));
        give(dev, name, 0L, 0L);
        e.b.place(exists);
    }

    /// Gives a file to a user and a group inside; root outside is who has made it.
    private void give(Operand directory, String name, @Nullable Long uid, @Nullable Long gid) {
        long user = uid == null ? 0 : uid;
        long group = gid == null ? 0 : gid;
        long hostUser = maps.hostUid(user).orElse(user);
        long hostGroup = maps.hostGid(group).orElse(group);
        if (hostUser != 0 || hostGroup != 0) {
            long flags = Uapi.AT_SYMLINK_NOFOLLOW;
            e.b.call(Syscall.FCHOWNAT, directory, e.text(name), value(hostUser), value(hostGroup), value(flags));
        }
    }

    /// Makes nodes wherever they lie.
    void anywhere(Operand root, List<Device> devices) throws RefusedException {
        for (Device each : devices) {
            node(root, each, Emitter.relative(each.path()));
        }
    }

    static boolean inDev(Device device) {
        return device.path().startsWith("/dev/");
    }

    private void node(Operand directory, Device device, String path) throws RefusedException {
        String item = "linux.devices:" + device.path();
        checkOwner(device, "uid", device.uid());
        checkOwner(device, "gid", device.gid());
        e.step("create " + device.path(), item);
        int slash = path.lastIndexOf('/');
        Operand parent = slash < 0
                ? directory
                : new Target(e, directory, maps).open("/" + path.substring(0, slash), Target.Kind.DIRECTORY, null);
        String name = path.substring(slash + 1);
        int permissions = device.fileMode() == null ? 0666 : device.fileMode() & 07777;
        long major = device.major() == null ? 0 : device.major();
        long minor = device.minor() == null ? 0 : device.minor();
        Label exists = e.label("exists");
        e.b.call(
                OnError.FAIL.jump(ErrorNumber.EEXIST, exists),
                Syscall.MKNODAT,
                parent,
                e.text(name),
                value(type(device) | permissions),
                value(Emitter.device(major, minor)));
        give(parent, name, device.uid(), device.gid());
        e.b.place(exists);
    }

    /// fchownat(2) takes 4294967295 for "unchanged", which root would stay the owner with.
    private static void checkOwner(Device device, String kind, @Nullable Long id) throws RefusedException {
        if (id != null && !User.isId(id)) {
            throw new RefusedException(
                    "linux.devices:" + device.path(),
                    "linux.devices: %s %d of %s is none: it is outside of 0 to %d"
                            .formatted(kind, id, device.path(), User.LAST_ID));
        }
    }

    private static long type(Device device) throws RefusedException {
        return switch (device.type()) {
            case "c", "u" -> Uapi.S_IFCHR;
            case "b" -> Uapi.S_IFBLK;
            case "p" -> Uapi.S_IFIFO;
            default ->
                throw new RefusedException(
                        "linux.devices:" + device.path(),
                        device.path() + ": device type \"" + device.type() + "\" is unknown, want c, b, u or p");
        };
    }

    /// `/dev/core`, where the kernel has the file that it points to.
    void linkCore(Operand dev, Operand proc) {
        Label absent = e.label("no_kcore");
        Slot found = e.b.slot("kcore");
        e.step("link /dev/core", "default");
        e.openWithoutLinks(found, OnError.FAIL.jump(ErrorNumber.ENOENT, absent), proc, "kcore", Uapi.O_PATH);
        e.b.call(
                OnError.FAIL.ignore(ErrorNumber.EEXIST), Syscall.SYMLINKAT, e.text("/proc/kcore"), dev, e.text("core"));
        e.b.place(absent);
    }

    /// `/dev/console`: the container's side of its terminal, bound over a file that is no link (CVE-2025-52565).
    void console(Operand dev, Operand terminal) {
        e.step("bind the terminal on /dev/console", "process.terminal");
        Slot clone = e.b.slot("console");
        Slot place = e.b.slot("target");
        e.b.call(
                OnError.FAIL.ignore(ErrorNumber.EEXIST),
                Syscall.MKNODAT,
                dev,
                e.text("console"),
                value(0x8000 | 0600),
                ZERO);
        e.cloneMount(clone, terminal, false);
        e.openWithoutLinks(place, OnError.FAIL, dev, "console", Uapi.O_PATH);
        e.attach(clone, place);
    }
}
