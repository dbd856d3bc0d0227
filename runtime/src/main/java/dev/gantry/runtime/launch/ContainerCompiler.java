package dev.gantry.runtime.launch;

import static dev.gantry.runtime.launch.Emitter.ZERO;
import static dev.gantry.runtime.launch.Emitter.value;

import dev.gantry.oci.runtime.Device;
import dev.gantry.oci.runtime.Hooks;
import dev.gantry.oci.runtime.Linux;
import dev.gantry.oci.runtime.Mount;
import dev.gantry.oci.runtime.Namespace;
import dev.gantry.oci.runtime.Root;
import dev.gantry.oci.runtime.Spec;
import dev.gantry.runtime.idmap.IdMaps;
import dev.gantry.runtime.launch.LaunchPlan.Wanted;
import dev.gantry.runtime.program.OnError;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.ProgramBuilder;
import dev.gantry.runtime.program.Slot;
import dev.gantry.runtime.program.Syscall;
import dev.gantry.runtime.program.part.InitProcess;
import dev.gantry.runtime.program.part.Start;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Compiles the program that makes a container.
public final class ContainerCompiler {
    private static final Hooks NO_HOOKS = new Hooks(List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

    /// Made by the container's process itself: a cgroup namespace is rooted where its maker is, and the clocks of a
    /// time namespace are set before anybody enters it.
    private static final Set<Namespace.Type> IN_CHILD = Set.of(Namespace.Type.CGROUP, Namespace.Type.TIME);

    /// The same in a user namespace: the root of a message queue file system belongs to whom its namespace was made by,
    /// who has to be root there, and not somebody outside.
    private static final Set<Namespace.Type> IN_CHILD_OF_USERS =
            Set.of(Namespace.Type.CGROUP, Namespace.Type.TIME, Namespace.Type.IPC);

    private final Request request;
    private final Spec spec;
    private final Linux linux;
    private final NamespacePlan namespaces;
    private final Frame frame;
    private final Emitter e;
    private final ProgramBuilder b;
    private final Operand root;
    private final MountSteps mounts;
    private final ProcessSteps process;
    private final UserNamespaceSteps users;
    private final Hooks hooks;
    private final Map<Integer, Operand> prepared = new HashMap<>();
    private UserNamespaceSteps.@Nullable DeviceTree deviceTree;
    private @Nullable Operand proc;
    private @Nullable Operand dev;
    private @Nullable Operand nullDevice;

    private ContainerCompiler(Request request) throws RefusedException {
        this.request = request;
        this.spec = request.spec();
        Linux configured = spec.linux();
        if (configured == null) {
            throw new RefusedException("linux", "the spec has no \"linux\" part");
        }
        this.linux = configured;
        this.namespaces = NamespacePlan.of(linux.namespaces(), request.ready());
        UserNamespaceSteps.check(request.maps(), request.process().credentials());
        Sysctls.check(linux.sysctl(), namespaces.allOwn());
        this.hooks = spec.hooks() == null ? NO_HOOKS : spec.hooks();
        this.frame = new Frame(request.host(), request.process(), request.origins());
        this.e = frame.emitter();
        this.b = e.b;
        this.root = e.descriptor(LaunchPlan.ROOT);
        this.mounts = new MountSteps(e, root);
        this.users = new UserNamespaceSteps(e, request.maps());
        this.process = new ProcessSteps(e, request.process(), inUserNamespace());
    }

    /// What a container is compiled from.
    ///
    /// @param bindIsDirectory for each bind mount, by its index in the spec, whether its source is a directory
    /// @param maps of its user namespace; none without one, or if they are not known
    /// @param ready the new namespaces that the daemon has made already, and gives as [LaunchPlan#namespace]
    /// @param origins where the items of the spec come from
    public record Request(
            String id,
            Spec spec,
            ProcessPlan process,
            boolean init,
            Host host,
            Map<Integer, Boolean> bindIsDirectory,
            IdMaps maps,
            Set<Namespace.Type> ready,
            UnaryOperator<String> origins) {
        public Request {
            bindIsDirectory = Map.copyOf(bindIsDirectory);
            ready = Set.copyOf(ready);
        }
    }

    /// Compiles a container.
    ///
    /// @throws RefusedException if the spec asks for what cannot be done
    public static LaunchPlan compile(Request request) throws RefusedException {
        try {
            return new ContainerCompiler(request).compile();
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof RefusedException refused) {
                throw refused;
            }
            throw e;
        }
    }

    private LaunchPlan compile() throws RefusedException {
        reserve();
        frame.begin();
        prepareAsHost();
        boolean joinsTree = namespaces.joined().contains(Namespace.Type.MOUNT);
        long fresh = namespaces.freshFlags(inUserNamespace() ? IN_CHILD_OF_USERS : IN_CHILD);
        if (joinsTree) {
            intermediate(fresh, this::joinForExistingTree, this::finishInExistingTree);
        } else if (inUserNamespace() && !namespaces.joined().isEmpty()) {
            // nobody in the user namespace may look into a process that the host's has made not dumpable, so that the
            // container's process may keep descriptors until its execve
            intermediate(fresh, this::join, this::everythingJoined);
        } else if (namespaces.joined().contains(Namespace.Type.PID)) {
            intermediate(0, this::prepareOutside, this::finish);
        } else {
            Start.direct(b, fresh, frame.unified(), refusing(this::everything), frame.parent());
        }
        return frame.plan();
    }

    private void intermediate(long fresh, Refusing intermediate, Refusing child) {
        Start.viaIntermediate(b, fresh, frame.unified(), refusing(intermediate), refusing(child), frame.parent());
    }

    private boolean inUserNamespace() {
        return namespaces.own(Namespace.Type.USER);
    }

    /// Numbers for all descriptors, so that the first free one is known.
    private void reserve() throws RefusedException {
        for (Namespace.Type type : namespaces.joined()) {
            e.descriptors.number(LaunchPlan.namespace(NamespacePlan.name(type)));
        }
        for (int i = 0; i < spec.mounts().size(); i++) {
            if (request.bindIsDirectory().containsKey(i)) {
                e.descriptors.number(LaunchPlan.bind(i));
            } else if (MountSteps.options(spec.mounts().get(i)).copyUp()) {
                e.descriptors.number(LaunchPlan.filled(i));
            }
        }
        if (request.process().terminal()) {
            e.descriptors.number(LaunchPlan.DEVPTS);
        }
        if (!request.process().supervised()) {
            e.descriptors.number(LaunchPlan.GATE);
        }
        if (!namespaces.own(Namespace.Type.CGROUP)) {
            for (int i = 0; i < Math.max(1, request.host().hierarchies().size()); i++) {
                e.descriptors.number(LaunchPlan.cgroupTree(i));
            }
        }
        if (wanted(Integer.MAX_VALUE) != 0) {
            e.descriptors.number(LaunchPlan.GO);
        }
        if (!hooks.createContainer().isEmpty() || !hooks.startContainer().isEmpty()) {
            e.descriptors.number(LaunchPlan.HOOK_STATE);
        }
    }

    /// What the daemon has to do while the process waits, of the given kinds.
    private int wanted(int kinds) {
        int wanted = 0;
        if (namespaces.fresh().contains(Namespace.Type.USER)) {
            wanted |= Wanted.MAPS;
        }
        if (!linux.timeOffsets().isEmpty()) {
            wanted |= Wanted.CLOCKS;
        }
        if (inUserNamespace() && request.process().oomScoreAdjustment() != null) {
            wanted |= Wanted.SCORE;
        }
        if (!hooks.prestart().isEmpty() || !hooks.createRuntime().isEmpty()) {
            wanted |= Wanted.HOOKS;
        }
        if (!hooks.createContainer().isEmpty() || !hooks.startContainer().isEmpty()) {
            wanted |= Wanted.STATE;
        }
        return wanted & kinds;
    }

    private void stop(int kinds, Operand pid) {
        int wanted = wanted(kinds);
        if (wanted != 0) {
            new StopSteps(e).stop("wait for what the daemon does from outside", wanted, pid);
        }
    }

    /// What only the shim can do: outside of the container's device cgroup and user namespace, in the host's tree.
    private void prepareAsHost() throws RefusedException {
        for (int i = 0; i < spec.mounts().size(); i++) {
            boolean kernels =
                    MountSteps.isVirtual(String.valueOf(spec.mounts().get(i).type()));
            if (!kernels && !request.bindIsDirectory().containsKey(i)) {
                prepared.put(i, mounts.made(spec.mounts().get(i)));
            }
        }
        if (inUserNamespace()) {
            prepareForUsers();
        }
    }

    private void prepareForUsers() throws RefusedException {
        for (int i = 0; i < spec.mounts().size(); i++) {
            Mount mount = spec.mounts().get(i);
            if (mount.destination().equals("/dev") && "tmpfs".equals(mount.type())) {
                deviceTree = users.deviceTree(mount, linux.devices(), mounts);
            }
        }
        if (deviceTree != null) {
            new DeviceSteps(e, request.maps()).elsewhere(root, linux.devices());
        }
        if (request.process().terminal()) {
            users.giveTerminals(e.descriptor(LaunchPlan.DEVPTS));
        }
        process.giveStreamsAsHost(request.maps());
        process.raiseLimits();
    }

    private void everything() throws RefusedException {
        isolate();
        everythingIsolated();
    }

    private void everythingJoined() throws RefusedException {
        cgroupNamespace();
        everythingIsolated();
    }

    private void everythingIsolated() throws RefusedException {
        session();
        joinTime();
        makeTime();
        waitForDaemon();
        loopback();
        prepareInHostsTree();
        createContainerHooks();
        assemble(true);
        finishAssembled();
    }

    /// The part of a container in a foreign PID namespace that is done before a process of it exists there: whoever may
    /// trace processes there must find no descriptor of the host's.
    private void prepareOutside() throws RefusedException {
        isolate();
        long fresh = namespaces.freshFlags(IN_CHILD);
        e.step("make the other namespaces", "default");
        b.call(Syscall.UNSHARE, value(fresh));
        if (wanted(Wanted.HOOKS | Wanted.STATE) != 0) {
            Slot pid = b.slot("intermediate");
            e.step("find out its own process ID", "default");
            b.call(pid, Syscall.GETPID);
            stop(Wanted.HOOKS | Wanted.STATE, pid);
        }
        loopback();
        prepareInHostsTree();
        createContainerHooks();
        assemble(false);
        e.step("close what belongs to the host", "default");
        frame.closeHostDescriptors();
    }

    private void finish() throws RefusedException {
        session();
        joinTime();
        makeTime();
        stop(Wanted.CLOCKS | Wanted.STATE, ZERO);
        for (Mount mount : spec.mounts()) {
            if ("proc".equals(mount.type())) {
                proc = mounts.fileSystem(mount);
            }
        }
        finishAssembled();
    }

    /// Joins a tree that somebody else has made: nothing is mounted in it.
    private void joinForExistingTree() throws RefusedException {
        join();
        cgroupNamespace();
        e.step("close what belongs to the host", "default");
        frame.closeHostDescriptors();
    }

    private void finishInExistingTree() throws RefusedException {
        session();
        joinTime();
        makeTime();
        waitForDaemon();
        loopback();
        process.keyring(request.id());
        Slot tree = b.slot("tree");
        e.step("open the root of the joined mount namespace", "root");
        e.open(tree, OnError.FAIL, value(Uapi.AT_FDCWD), ".", Uapi.O_PATH);
        MountSteps there = new MountSteps(e, tree);
        e.step("make a procfs of the runtime's own", "default");
        Operand ownProc = there.create("proc", "proc", List.of(), 0);
        enterTime(ownProc);
        names();
        sysctls(ownProc);
        process.processFiles(ownProc);
        Operand ownNull = there.verifiedNull();
        process.streams(ownNull);
        run(tree, ownNull);
    }

    /// Has the daemon do its part. In a user namespace the maps come first, since a namespace belongs to who makes it;
    /// hooks come last, since they are to find all namespaces.
    private void waitForDaemon() {
        if (inUserNamespace()) {
            stop(Wanted.MAPS, ZERO);
            users.becomeRoot();
            if (namespaces.fresh().contains(Namespace.Type.IPC)) {
                e.step("make the ipc namespace", NamespacePlan.item(Namespace.Type.IPC));
                b.call(Syscall.UNSHARE, value(Uapi.CLONE_NEWIPC));
            }
        }
        stop(~Wanted.MAPS, ZERO);
    }

    private void session() {
        e.step("lead a session of its own", "default");
        b.call(Syscall.SETSID);
    }

    private void isolate() {
        join();
        cgroupNamespace();
    }

    private void join() {
        e.step("create files with exactly the modes that are asked for", "default");
        b.call(Syscall.UMASK, ZERO);
        frame.joinCgroups();
        for (Namespace.Type type : namespaces.joined()) {
            // a process that shares its memory cannot enter a time namespace: the child does
            if (type != Namespace.Type.TIME) {
                join(type);
            }
        }
    }

    private void join(Namespace.Type type) {
        String name = NamespacePlan.name(type);
        String whose = request.ready().contains(type) ? " that the daemon has made" : "";
        e.step("join the " + name + " namespace" + whose, NamespacePlan.item(type));
        b.call(Syscall.SETNS, e.descriptor(LaunchPlan.namespace(name)), value(NamespacePlan.flag(type)));
    }

    private void cgroupNamespace() {
        if (namespaces.fresh().contains(Namespace.Type.CGROUP)) {
            e.step("make the cgroup namespace", NamespacePlan.item(Namespace.Type.CGROUP));
            b.call(Syscall.UNSHARE, value(Uapi.CLONE_NEWCGROUP));
        }
    }

    private void joinTime() {
        if (namespaces.joined().contains(Namespace.Type.TIME)) {
            join(Namespace.Type.TIME);
        }
    }

    /// The clocks of a new time namespace can be set until a process enters it: its children would, and with
    /// [#enterTime] it does itself.
    private void makeTime() {
        if (namespaces.fresh().contains(Namespace.Type.TIME)) {
            e.step("make the time namespace", NamespacePlan.item(Namespace.Type.TIME));
            b.call(Syscall.UNSHARE, value(Uapi.CLONE_NEWTIME));
        }
    }

    private void enterTime(Operand ownProc) {
        if (namespaces.fresh().contains(Namespace.Type.TIME)) {
            Slot file = b.slot("time");
            e.step("enter the time namespace", NamespacePlan.item(Namespace.Type.TIME));
            e.open(file, OnError.FAIL, ownProc, "self/ns/time_for_children", Uapi.O_RDONLY, 0);
            b.call(Syscall.SETNS, file, value(Uapi.CLONE_NEWTIME));
            b.call(Syscall.CLOSE, file);
        }
    }

    private void loopback() {
        if (namespaces.fresh().contains(Namespace.Type.NETWORK)) {
            LoopbackSteps.bringUp(e);
        }
    }

    /// Makes the mounts that a user namespace needs the host's tree for: the kernel gives procfs and sysfs only to who
    /// can see them anyway.
    private void prepareInHostsTree() throws RefusedException {
        if (!inUserNamespace()) {
            return;
        }
        List<Mount> all = spec.mounts();
        for (int i = 0; i < all.size(); i++) {
            String type = String.valueOf(all.get(i).type());
            if (type.equals("proc") || type.equals("sysfs")) {
                Slot made = mounts.made(all.get(i));
                prepared.put(i, made);
                if (type.equals("proc") && all.get(i).destination().equals("/proc")) {
                    proc = made;
                }
            }
        }
        proc = proc();
    }

    private void createContainerHooks() {
        if (!hooks.createContainer().isEmpty()) {
            Slot nothing = b.slot("host_null");
            e.step("open the host's /dev/null", "hooks.createContainer");
            e.openOfHost(nothing, "/dev/null", Uapi.O_RDWR);
            new HookSteps(e).run("createContainer", hooks.createContainer(), nothing);
        }
    }

    private void assemble(boolean withProc) throws RefusedException {
        process.keyring(request.id());
        new RootSteps(e, root).enter();
        List<Mount> all = spec.mounts();
        for (int i = 0; i < all.size(); i++) {
            if (withProc || !"proc".equals(all.get(i).type())) {
                mount(i, all.get(i));
            }
        }
        if (dev != null && deviceTree == null) {
            new DeviceSteps(e).elsewhere(root, linux.devices());
        }
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
        } else if (mount.destination().equals("/dev") && deviceTree != null) {
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
        if ("proc".equals(mount.type()) && mount.destination().equals("/proc")) {
            proc = made;
        } else if (mount.destination().equals("/dev")) {
            dev = made;
            List<Device> devices = linux.devices();
            nullDevice = new DeviceSteps(e).populate(made, devices);
        }
    }

    private void finishAssembled() throws RefusedException {
        Operand ownProc = proc();
        enterTime(ownProc);
        Operand ownNull = nullDevice == null ? mounts.verifiedNull() : nullDevice;
        Operand ownDev = dev;
        if (ownDev != null) {
            DeviceSteps devices = new DeviceSteps(e);
            devices.linkCore(ownDev, ownProc);
            if (request.process().terminal()) {
                devices.console(ownDev, e.descriptor(LaunchPlan.DEVPTS));
            }
        }
        e.step("make sure of the working directory " + request.process().directory(), "process.cwd");
        new Target(e, root).makeDirectory(request.process().directory());
        names();
        sysctls(ownProc);
        process.processFiles(ownProc);
        mounts.finish();
        ProtectionSteps protection = new ProtectionSteps(e, root);
        protection.readOnly(linux.readonlyPaths());
        protection.mask(linux.maskedPaths(), mounts, ownNull);
        new RootSteps(e, root).propagate(linux.rootfsPropagation());
        Root configured = spec.root();
        if (configured != null && configured.readonly()) {
            new RootSteps(e, root).makeReadOnly();
        }
        process.streams(ownNull);
        run(root, ownNull);
    }

    private void run(Operand tree, Operand ownNull) {
        Runnable beforeStart = () -> new HookSteps(e).run("startContainer", hooks.startContainer(), ownNull);
        Runnable command = () -> frame.command(process, tree, beforeStart);
        if (request.init()) {
            InitProcess.append(b, command);
        } else {
            command.run();
        }
    }

    private Operand proc() {
        if (proc == null) {
            e.step("make a procfs of the runtime's own", "default");
            proc = mounts.create("proc", "proc", List.of(), 0);
        }
        return proc;
    }

    private void names() {
        String hostname = spec.hostname();
        if (hostname != null && !hostname.isEmpty() && namespaces.own(Namespace.Type.UTS)) {
            e.step("set the host name", "hostname");
            b.call(Syscall.SETHOSTNAME, e.text(hostname), value(length(hostname)));
        }
        String domain = spec.domainname();
        if (domain != null && !domain.isEmpty() && namespaces.own(Namespace.Type.UTS)) {
            e.step("set the domain name", "domainname");
            b.call(Syscall.SETDOMAINNAME, e.text(domain), value(length(domain)));
        }
    }

    private static int length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private void sysctls(Operand ownProc) throws RefusedException {
        for (Map.Entry<String, String> each : linux.sysctl().entrySet()) {
            e.step("set " + each.getKey() + " to " + each.getValue(), "linux.sysctl:" + each.getKey());
            process.write(ownProc, Sysctls.file(each.getKey()), each.getValue());
        }
    }

    private interface Refusing {
        void run() throws RefusedException;
    }

    private static Runnable refusing(Refusing body) {
        return () -> {
            try {
                body.run();
            } catch (RefusedException problem) {
                throw new UncheckedIOException(problem);
            }
        };
    }
}
