package dev.gantry.runtime.launch.compile;

import dev.gantry.oci.runtime.Device;
import dev.gantry.oci.runtime.Linux;
import dev.gantry.oci.runtime.Mount;
import dev.gantry.oci.runtime.Namespace;
import dev.gantry.oci.runtime.Root;
import dev.gantry.runtime.launch.LaunchPlan;
import dev.gantry.runtime.launch.RefusedException;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.Slot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The container's tree of mounts, with its devices, in the order in which its parts can be made: some only by the
/// host's root, some only while the host's tree is still there.
final class TreeSteps {
    private final Emitter e;
    private final ContainerCompiler.Request request;
    private final Linux linux;
    private final NamespacePlan namespaces;
    private final List<Mount> all;
    private final Operand root;
    private final MountSteps mounts;
    private final UserNamespaceSteps users;
    private final Map<Integer, Operand> prepared = new HashMap<>();
    private UserNamespaceSteps.@Nullable DeviceTree deviceTree;
    private @Nullable Operand proc;
    private @Nullable Operand dev;
    private @Nullable Operand nullDevice;

    TreeSteps(Emitter e, ContainerCompiler.Request request, Linux linux, NamespacePlan namespaces) {
        this.e = e;
        this.request = request;
        this.linux = linux;
        this.namespaces = namespaces;
        this.all = request.spec().mounts();
        this.root = e.descriptor(LaunchPlan.ROOT);
        this.mounts = new MountSteps(e, root);
        this.users = new UserNamespaceSteps(e, request.maps());
    }

    /// What only the shim can do: outside of the container's device cgroup and user namespace, in the host's tree.
    void prepareAsHost() throws RefusedException {
        for (int i = 0; i < all.size(); i++) {
            boolean kernels = MountSteps.isVirtual(String.valueOf(all.get(i).type()));
            if (!kernels && !request.bindIsDirectory().containsKey(i)) {
                prepared.put(i, mounts.made(all.get(i)));
            }
        }
        if (namespaces.own(Namespace.Type.USER)) {
            prepareDevicesForUsers();
        }
    }

    private void prepareDevicesForUsers() throws RefusedException {
        DeviceSteps devices = new DeviceSteps(e, request.maps());
        for (Mount mount : all) {
            if (MountSteps.isAt(mount, "/dev") && "tmpfs".equals(mount.type())) {
                deviceTree = users.deviceTree(mount, linux.devices(), mounts);
            }
        }
        boolean devOfRoot = deviceTree == null && hasDevOfRoot();
        if (devOfRoot) {
            users.makeWithExactModes();
            users.asOwner(() -> dev = devices.populateInRoot(root, linux.devices()));
        }
        List<Device> elsewhere = devices(each -> !DeviceSteps.inDev(each));
        if ((deviceTree != null || devOfRoot) && !elsewhere.isEmpty()) {
            users.asOwner(() -> devices.anywhere(root, elsewhere));
        }
        if (request.process().terminal() && !request.boundTerminal()) {
            users.giveTerminals(e.descriptor(LaunchPlan.DEVPTS));
        }
    }

    /// Whether `/dev` is the root's own directory. In a mount namespace that is joined, nothing is made.
    private boolean hasDevOfRoot() {
        return !namespaces.joined().contains(Namespace.Type.MOUNT)
                && all.stream().noneMatch(each -> MountSteps.isAt(each, "/dev"));
    }

    /// Makes the mounts that a user namespace needs the host's tree for: the kernel gives procfs and sysfs only to who
    /// can see them anyway.
    void prepareInHostsTree() throws RefusedException {
        if (!namespaces.own(Namespace.Type.USER)) {
            return;
        }
        for (int i = 0; i < all.size(); i++) {
            String type = String.valueOf(all.get(i).type());
            if (type.equals("proc") || type.equals("sysfs")) {
                Slot made = mounts.made(all.get(i));
                prepared.put(i, made);
                if (type.equals("proc") && MountSteps.isAt(all.get(i), "/proc")) {
                    proc = made;
                }
            }
        }
        proc = proc();
    }

    /// Enters the root, and mounts what the spec asks for.
    ///
    /// @param withProc not while the process is outside of its PID namespace, which a procfs shows
    void assemble(boolean withProc) throws RefusedException {
        new RootSteps(e, root).enter();
        for (int i = 0; i < all.size(); i++) {
            if (withProc || !"proc".equals(all.get(i).type())) {
                mount(i, all.get(i));
            }
        }
        if (!namespaces.own(Namespace.Type.USER)) {
            makeDevicesInRoot();
        }
    }

    private void makeDevicesInRoot() throws RefusedException {
        DeviceSteps devices = new DeviceSteps(e);
        if (hasDevOfRoot()) {
            dev = devices.populateInRoot(root, linux.devices());
        }
        if (dev != null) {
            devices.anywhere(root, devices(each -> !DeviceSteps.inDev(each) || isCovered(each)));
        }
    }

    private List<Device> devices(Predicate<Device> which) {
        return linux.devices().stream().filter(which).toList();
    }

    /// Whether a mount in `/dev` would cover a device that is made with that.
    private boolean isCovered(Device device) {
        return all.stream()
                .map(Mount::place)
                .anyMatch(place -> place.startsWith("/dev/") && device.path().startsWith(place + "/"));
    }

    private void mount(int index, Mount mount) throws RefusedException {
        String type = String.valueOf(mount.type());
        Boolean directory = request.bindIsDirectory().get(index);
        if (directory != null) {
            mounts.bind(mount, e.descriptor(LaunchPlan.bind(index)), directory);
        } else if (prepared.containsKey(index)) {
            mounts.attached(mount, prepared.get(index));
        } else if (e.descriptors.contains(LaunchPlan.filled(index))) {
            mounts.filled(mount, e.descriptor(LaunchPlan.filled(index)));
        } else if (MountSteps.isAt(mount, "/dev") && deviceTree != null) {
            mounts.attached(mount, deviceTree.mount());
            dev = deviceTree.mount();
            nullDevice = deviceTree.nullDevice();
        } else if (type.startsWith("cgroup") && request.host().hierarchies().isEmpty()) {
            mounts.unified(mount, namespaces.own(Namespace.Type.CGROUP));
        } else if (type.equals("cgroup")) {
            mounts.cgroups(mount, request.host().hierarchies(), namespaces.own(Namespace.Type.CGROUP));
        } else if (type.equals("devpts") && request.process().terminal()) {
            mounts.attached(mount, e.descriptor(LaunchPlan.DEVPTS));
        } else {
            made(mount, mounts.fileSystem(mount));
        }
    }

    private void made(Mount mount, Operand made) throws RefusedException {
        if ("proc".equals(mount.type()) && MountSteps.isAt(mount, "/proc")) {
            proc = made;
        } else if (MountSteps.isAt(mount, "/dev")) {
            dev = made;
            nullDevice = new DeviceSteps(e).populate(made, devices(each -> !isCovered(each)));
        }
    }

    /// Mounts procfs, which [#assemble] has left out.
    void mountProc() throws RefusedException {
        for (Mount mount : all) {
            if ("proc".equals(mount.type())) {
                proc = mounts.fileSystem(mount);
            }
        }
    }

    /// A procfs that the container cannot have changed.
    Operand proc() {
        if (proc == null) {
            e.step("make a procfs of the runtime's own", "default");
            proc = mounts.create("proc", "proc", List.of(), 0);
        }
        return proc;
    }

    /// The container's null device.
    Operand nullDevice() {
        return nullDevice == null ? mounts.verifiedNull() : nullDevice;
    }

    /// The links and the console in `/dev`.
    void finishDevices(Operand ownProc) {
        Operand ownDev = dev;
        DeviceSteps devices = new DeviceSteps(e);
        if (ownDev != null) {
            devices.linkCore(ownDev, ownProc);
        }
        if (request.process().terminal() && (ownDev != null || request.boundTerminal())) {
            devices.console(ownDev != null ? ownDev : devices.directory(root), e.descriptor(LaunchPlan.TERMINAL));
        }
    }

    /// What is done to the tree when nothing more is written to it.
    void protect(Operand ownNull) throws RefusedException {
        mounts.finish();
        ProtectionSteps protection = new ProtectionSteps(e, root);
        protection.readOnly(linux.readonlyPaths());
        protection.mask(linux.maskedPaths(), mounts, ownNull);
        new RootSteps(e, root).propagate(linux.rootfsPropagation());
        Root configured = request.spec().root();
        if (configured != null && configured.readonly()) {
            new RootSteps(e, root).makeReadOnly();
        }
    }
}
