package dev.gantry.runtime.launch.compile;

import static dev.gantry.runtime.launch.compile.Emitter.ZERO;
import static dev.gantry.runtime.launch.compile.Emitter.value;

import dev.gantry.oci.runtime.Device;
import dev.gantry.oci.runtime.Mount;
import dev.gantry.oci.runtime.Namespace;
import dev.gantry.runtime.idmap.IdMaps;
import dev.gantry.runtime.launch.Credentials;
import dev.gantry.runtime.launch.RefusedException;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.Slot;
import dev.gantry.runtime.program.Syscall;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// What differs with a user namespace. Device nodes work only on file systems of the host's namespace, so the shim,
/// which stays there, makes `/dev` and gives it to the users behind those of the container.
final class UserNamespaceSteps {
    private final Emitter e;
    private final IdMaps maps;

    UserNamespaceSteps(Emitter e, IdMaps maps) {
        this.e = e;
        this.maps = maps;
    }

    /// `/dev`, made by the shim.
    ///
    /// @param nullDevice opened for reading and writing
    record DeviceTree(Slot mount, Slot nullDevice) {}

    DeviceTree deviceTree(Mount mount, List<Device> devices, MountSteps mounts) throws RefusedException {
        makeWithExactModes();
        List<String> options = new ArrayList<>(mount.options());
        if (options.stream().noneMatch(each -> each.startsWith("mode="))) {
            options.add("mode=755");
        }
        Slot made = mounts.made(
                new Mount(mount.destination(), String.valueOf(mount.type()), String.valueOf(mount.source()), options));
        giveToRoot(made, "");
        return new DeviceTree(made, new DeviceSteps(e, maps).populate(made, devices));
    }

    void makeWithExactModes() {
        e.step("create files with exactly the modes that are asked for", "default");
        e.b.call(Syscall.UMASK, ZERO);
    }

    /// Has files made as the container's root, with the capabilities of the host's: a mount that shows other owners
    /// takes files of nobody else (EOVERFLOW), and device nodes from nobody who may not make them on the host.
    void asOwner(Making files) throws RefusedException {
        OptionalLong uid = maps.hostUid(0);
        OptionalLong gid = maps.hostGid(0);
        boolean others = uid.orElse(0) != 0 || gid.orElse(0) != 0;
        if (others) {
            e.step("make files as the container's root", NamespacePlan.item(Namespace.Type.USER));
            e.b.call(Syscall.PRCTL, value(Uapi.PR_SET_SECUREBITS), value(Uapi.SECBIT_NO_SETUID_FIXUP));
            e.b.call(Syscall.SETFSGID, value(gid.orElse(0)));
            e.b.call(Syscall.SETFSUID, value(uid.orElse(0)));
        }
        files.make();
        if (others) {
            e.step("make files as the host's root again", NamespacePlan.item(Namespace.Type.USER));
            e.b.call(Syscall.SETFSUID, ZERO);
            e.b.call(Syscall.SETFSGID, ZERO);
            e.b.call(Syscall.PRCTL, value(Uapi.PR_SET_SECUREBITS), ZERO);
        }
    }

    /// Steps that make files.
    @FunctionalInterface
    interface Making {
        void make() throws RefusedException;
    }

    /// Gives the file system of the terminal, which the daemon has made, to root of the namespace.
    void giveTerminals(Operand devpts) {
        e.step("give /dev/pts to the container's root", "process.terminal");
        giveToRoot(devpts, "");
        giveToRoot(devpts, "ptmx");
    }

    /// @param name in the directory; empty is the directory itself
    private void giveToRoot(Operand directory, String name) {
        OptionalLong uid = maps.hostUid(0);
        OptionalLong gid = maps.hostGid(0);
        if (uid.isPresent() && gid.isPresent()) {
            e.b.call(
                    Syscall.FCHOWNAT,
                    directory,
                    e.text(name),
                    value(uid.getAsLong()),
                    value(gid.getAsLong()),
                    value(name.isEmpty() ? Uapi.AT_EMPTY_PATH : Uapi.AT_SYMLINK_NOFOLLOW));
        }
    }

    /// Has every file that is made from here on belong to the namespace.
    void becomeRoot() {
        e.step("become root of the user namespace", NamespacePlan.item(Namespace.Type.USER));
        e.b.call(Syscall.SETRESGID, ZERO, ZERO, ZERO);
        e.b.call(Syscall.SETRESUID, ZERO, ZERO, ZERO);
    }

    /// The host's ID of a user inside, which is refused without one.
    static void check(IdMaps maps, Credentials who) throws RefusedException {
        if (maps.isEmpty()) {
            return;
        }
        check("uid", who.uid(), maps.hostUid(who.uid()).isPresent());
        check("gid", who.gid(), maps.hostGid(who.gid()).isPresent());
        for (long group : who.groups()) {
            check("gid", group, maps.hostGid(group).isPresent());
        }
    }

    private static void check(String kind, long id, boolean mapped) throws RefusedException {
        if (!mapped) {
            throw new RefusedException("process.user", "process.user: " + kind + " " + id + " has no ID on the host");
        }
    }
}
