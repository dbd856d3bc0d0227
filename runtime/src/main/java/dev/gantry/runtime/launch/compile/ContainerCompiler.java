package dev.gantry.runtime.launch.compile;

import static dev.gantry.runtime.launch.compile.Emitter.ZERO;
import static dev.gantry.runtime.launch.compile.Emitter.value;

import dev.gantry.oci.runtime.Hooks;
import dev.gantry.oci.runtime.Linux;
import dev.gantry.oci.runtime.Mount;
import dev.gantry.oci.runtime.Namespace;
import dev.gantry.oci.runtime.Spec;
import dev.gantry.runtime.idmap.IdMaps;
import dev.gantry.runtime.launch.Host;
import dev.gantry.runtime.launch.LaunchPlan;
import dev.gantry.runtime.launch.LaunchPlan.Wanted;
import dev.gantry.runtime.launch.Links;
import dev.gantry.runtime.launch.ProcessPlan;
import dev.gantry.runtime.launch.RefusedException;
import dev.gantry.runtime.mount.MountOptions;
import dev.gantry.runtime.program.OnError;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.ProgramBuilder;
import dev.gantry.runtime.program.Slot;
import dev.gantry.runtime.program.Syscall;
import dev.gantry.runtime.program.part.InitProcess;
import dev.gantry.runtime.program.part.Start;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

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
    private final NamespaceSteps own;
    private final TreeSteps tree;
    private final ProcessSteps process;
    private final SettingSteps settings;
    private final Hooks hooks;

    private ContainerCompiler(Request request) throws RefusedException {
        this.request = request;
        this.spec = request.spec();
        Linux configured = spec.linux();
        if (configured == null) {
            throw new RefusedException("linux", "the spec has no \"linux\" part");
        }
        this.linux = configured;
        this.namespaces = NamespacePlan.of(linux.namespaces(), request.ready(), request.hosts());
        UserNamespaceSteps.check(request.maps(), request.process().credentials());
        Sysctls.check(linux.sysctl(), namespaces.allOwn());
        this.hooks = spec.hooks() == null ? NO_HOOKS : spec.hooks();
        this.frame = new Frame(request.host(), request.process(), request.links(), request.origins());
        this.e = frame.emitter();
        this.b = e.b;
        this.root = e.descriptor(LaunchPlan.ROOT);
        this.own = new NamespaceSteps(e, namespaces, request.ready());
        this.tree = new TreeSteps(e, request, linux, namespaces);
        this.process = new ProcessSteps(e, request.process(), inUserNamespace());
        this.settings = new SettingSteps(e, process);
    }

    /// What a container is compiled from.
    ///
    /// @param bindIsDirectory for each bind mount, by its index in the spec, whether its source is a directory
    /// @param boundTerminal whether its terminal is in a devpts that a bind mount shows, and not in one of its own
    /// @param maps of its user namespace; none without one, or if they are not known
    /// @param ready the new namespaces that the daemon has made already, and gives as [LaunchPlan#namespace]
    /// @param hosts the namespaces that are joined and the host's
    /// @param links of the container's root
    /// @param origins where the items of the spec come from
    public record Request(
            String id,
            Spec spec,
            ProcessPlan process,
            boolean init,
            Host host,
            Map<Integer, Boolean> bindIsDirectory,
            boolean boundTerminal,
            IdMaps maps,
            Set<Namespace.Type> ready,
            Set<Namespace.Type> hosts,
            Links links,
            UnaryOperator<String> origins) {
        public Request {
            bindIsDirectory = Map.copyOf(bindIsDirectory);
            ready = Set.copyOf(ready);
            hosts = Set.copyOf(hosts);
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
        tree.prepareAsHost();
        if (inUserNamespace()) {
            process.giveStreamsAsHost(request.maps());
            process.raiseLimits();
        }
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
            Mount mount = spec.mounts().get(i);
            if (request.bindIsDirectory().containsKey(i)) {
                e.descriptors.number(LaunchPlan.bind(i));
                continue;
            }
            MountOptions options = MountSteps.options(mount);
            FileSystemOptions.check(mount, options);
            if (options.copyUp()) {
                e.descriptors.number(LaunchPlan.filled(i));
            }
        }
        if (request.process().terminal()) {
            e.descriptors.number(LaunchPlan.DEVPTS);
        }
        if (!request.process().supervised()) {
            e.descriptors.number(LaunchPlan.GATE);
            e.descriptors.number(LaunchPlan.START_REPORT);
        }
        if (!namespaces.own(Namespace.Type.CGROUP)) {
            for (int i = 0; i < Math.max(1, request.host().hierarchies().size()); i++) {
                e.descriptors.number(LaunchPlan.cgroupTree(i));
            }
        }
        if (wanted(Integer.MAX_VALUE) != 0) {
            e.descriptors.number(LaunchPlan.GO);
        }
        if (!hooks.createContainer().isEmpty()) {
            e.descriptors.number(LaunchPlan.CREATE_STATE);
        }
        if (!hooks.startContainer().isEmpty()) {
            e.descriptors.number(LaunchPlan.START_STATE);
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
        if (!hooks.createContainer().isEmpty()) {
            wanted |= Wanted.CREATE_STATE;
        }
        if (!hooks.startContainer().isEmpty()) {
            wanted |= Wanted.START_STATE;
        }
        return wanted & kinds;
    }

    private void stop(int kinds, Operand pid) {
        int wanted = wanted(kinds);
        if (wanted != 0) {
            new StopSteps(e).stop("wait for what the daemon does from outside", wanted, pid);
        }
    }

    private void everything() throws RefusedException {
        isolate();
        everythingIsolated();
    }

    private void everythingJoined() throws RefusedException {
        own.makeCgroup();
        everythingIsolated();
    }

    private void everythingIsolated() throws RefusedException {
        session();
        own.joinTime();
        own.makeTime();
        waitForDaemon();
        own.bringLoopbackUp();
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
        if (wanted(Wanted.HOOKS | Wanted.CREATE_STATE) != 0) {
            Slot pid = b.slot("intermediate");
            e.step("find out its own process ID", "default");
            b.call(pid, Syscall.GETPID);
            stop(Wanted.HOOKS | Wanted.CREATE_STATE, pid);
        }
        own.bringLoopbackUp();
        assemble(false);
        e.step("close what belongs to the host", "default");
        frame.closeHostDescriptors();
    }

    private void finish() throws RefusedException {
        session();
        own.joinTime();
        own.makeTime();
        stop(Wanted.CLOCKS | Wanted.START_STATE, ZERO);
        tree.mountProc();
        finishAssembled();
    }

    /// Joins a tree that somebody else has made: nothing is mounted in it.
    private void joinForExistingTree() throws RefusedException {
        isolate();
        e.step("close what belongs to the host", "default");
        frame.closeHostDescriptors();
    }

    private void finishInExistingTree() throws RefusedException {
        session();
        own.joinTime();
        own.makeTime();
        waitForDaemon();
        own.bringLoopbackUp();
        process.keyring(request.id());
        Slot existing = b.slot("tree");
        e.step("open the root of the joined mount namespace", "root");
        e.open(existing, OnError.FAIL, value(Uapi.AT_FDCWD), ".", Uapi.O_PATH);
        MountSteps there = new MountSteps(e, existing);
        e.step("make a procfs of the runtime's own", "default");
        Operand ownProc = there.create("proc", "proc", List.of(), 0);
        settings(ownProc);
        Operand ownNull = there.verifiedNull();
        process.streams(ownNull);
        run(existing, ownNull);
    }

    /// Has the daemon do its part. In a user namespace the maps come first, since a namespace belongs to who makes it;
    /// hooks come last, since they are to find all namespaces.
    private void waitForDaemon() {
        if (inUserNamespace()) {
            stop(Wanted.MAPS, ZERO);
            new UserNamespaceSteps(e, request.maps()).becomeRoot();
            own.makeIpc();
        }
        stop(~Wanted.MAPS, ZERO);
    }

    private void session() {
        e.step("lead a session of its own", "default");
        b.call(Syscall.SETSID);
    }

    private void isolate() {
        join();
        own.makeCgroup();
    }

    private void join() {
        e.step("create files with exactly the modes that are asked for", "default");
        b.call(Syscall.UMASK, ZERO);
        frame.joinCgroups();
        own.join();
    }

    private void createContainerHooks() {
        if (!hooks.createContainer().isEmpty()) {
            Slot nothing = b.slot("host_null");
            e.step("open the host's /dev/null", "hooks.createContainer");
            e.openOfHost(nothing, "/dev/null", Uapi.O_RDWR);
            new HookSteps(e, LaunchPlan.CREATE_STATE).run("createContainer", hooks.createContainer(), nothing);
        }
    }

    private void assemble(boolean withProc) throws RefusedException {
        tree.prepareInHostsTree();
        createContainerHooks();
        process.keyring(request.id());
        tree.assemble(withProc);
    }

    private void finishAssembled() throws RefusedException {
        Operand ownProc = tree.proc();
        Operand ownNull = tree.nullDevice();
        tree.finishDevices(ownProc);
        e.step("make sure of the working directory " + request.process().directory(), "process.cwd");
        new Target(e, root).makeDirectory(request.process().directory());
        settings(ownProc);
        tree.protect(ownNull);
        process.streams(ownNull);
        run(root, ownNull);
    }

    /// What is written in a procfs.
    private void settings(Operand ownProc) throws RefusedException {
        own.enterTime(ownProc);
        settings.names(spec, namespaces);
        settings.sysctls(linux.sysctl(), ownProc);
        process.processFiles(ownProc);
    }

    private void run(Operand entered, Operand ownNull) {
        Runnable beforeStart =
                () -> new HookSteps(e, LaunchPlan.START_STATE).run("startContainer", hooks.startContainer(), ownNull);
        Runnable command = () -> frame.command(process, entered, beforeStart);
        if (request.init()) {
            InitProcess.append(b, command);
        } else {
            command.run();
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
