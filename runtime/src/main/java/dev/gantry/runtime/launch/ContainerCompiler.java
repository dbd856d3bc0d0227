package dev.gantry.runtime.launch;

import static dev.gantry.runtime.launch.Emitter.ZERO;
import static dev.gantry.runtime.launch.Emitter.value;

import dev.gantry.oci.runtime.Device;
import dev.gantry.oci.runtime.Linux;
import dev.gantry.oci.runtime.Mount;
import dev.gantry.oci.runtime.Namespace;
import dev.gantry.oci.runtime.Root;
import dev.gantry.oci.runtime.Spec;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.ProgramBuilder;
import dev.gantry.runtime.program.Syscall;
import dev.gantry.runtime.program.part.InitProcess;
import dev.gantry.runtime.program.part.Start;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Compiles the program that makes a container.
public final class ContainerCompiler {
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
        this.namespaces = NamespacePlan.of(linux.namespaces());
        Sysctls.check(linux.sysctl(), namespaces.allOwn());
        this.frame = new Frame(request.host(), request.process(), request.origins());
        this.e = frame.emitter();
        this.b = e.b;
        this.root = e.descriptor(LaunchPlan.ROOT);
        this.mounts = new MountSteps(e, root);
        this.process = new ProcessSteps(e, request.process());
    }

    /// What a container is compiled from.
    ///
    /// @param bindIsDirectory for each bind mount, by its index in the spec, whether its source is a directory
    /// @param origins where the items of the spec come from
    public record Request(
            String id,
            Spec spec,
            ProcessPlan process,
            boolean init,
            Host host,
            Map<Integer, Boolean> bindIsDirectory,
            UnaryOperator<String> origins) {
        public Request {
            bindIsDirectory = Map.copyOf(bindIsDirectory);
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

    private LaunchPlan compile() {
        reserve();
        frame.begin();
        if (namespaces.joined().contains(Namespace.Type.PID)) {
            Start.viaIntermediate(
                    b, 0, frame.unified(), refusing(this::prepareOutside), refusing(this::finish), frame.supervisor());
        } else {
            long flags = namespaces.freshFlags(Set.of(Namespace.Type.CGROUP));
            Start.direct(b, flags, frame.unified(), refusing(this::everything), frame.supervisor());
        }
        return frame.plan();
    }

    /// Numbers for all descriptors, so that the first free one is known.
    private void reserve() {
        for (Namespace.Type type : namespaces.joined()) {
            e.descriptors.number(LaunchPlan.namespace(NamespacePlan.name(type)));
        }
        for (int i = 0; i < spec.mounts().size(); i++) {
            if (request.bindIsDirectory().containsKey(i)) {
                e.descriptors.number(LaunchPlan.bind(i));
            }
        }
        if (request.process().terminal()) {
            e.descriptors.number(LaunchPlan.DEVPTS);
        }
        if (!namespaces.own(Namespace.Type.CGROUP)) {
            for (int i = 0; i < request.host().hierarchies().size(); i++) {
                e.descriptors.number(LaunchPlan.cgroupTree(i));
            }
        }
    }

    private void everything() throws RefusedException {
        session();
        isolate();
        loopback();
        assemble(true);
        finishAssembled();
    }

    /// The part of a container in a foreign PID namespace that is done before a process of it exists there: whoever may
    /// trace processes there must find no descriptor of the host's.
    private void prepareOutside() throws RefusedException {
        isolate();
        long fresh = namespaces.freshFlags(Set.of(Namespace.Type.CGROUP));
        e.step("make the other namespaces", "default");
        b.call(Syscall.UNSHARE, value(fresh));
        loopback();
        assemble(false);
        e.step("close what belongs to the host", "default");
        frame.closeHostDescriptors();
    }

    private void finish() throws RefusedException {
        session();
        for (Mount mount : spec.mounts()) {
            if ("proc".equals(mount.type())) {
                proc = mounts.fileSystem(mount);
            }
        }
        finishAssembled();
    }

    private void session() {
        e.step("lead a session of its own", "default");
        b.call(Syscall.SETSID);
    }

    private void isolate() {
        e.step("create files with exactly the modes that are asked for", "default");
        b.call(Syscall.UMASK, ZERO);
        frame.joinCgroups();
        if (namespaces.fresh().contains(Namespace.Type.CGROUP)) {
            e.step("make the cgroup namespace", NamespacePlan.item(Namespace.Type.CGROUP));
            b.call(Syscall.UNSHARE, value(Uapi.CLONE_NEWCGROUP));
        }
        for (Namespace.Type type : namespaces.joined()) {
            String name = NamespacePlan.name(type);
            e.step("join the " + name + " namespace", NamespacePlan.item(type));
            b.call(Syscall.SETNS, e.descriptor(LaunchPlan.namespace(name)), value(NamespacePlan.flag(type)));
        }
    }

    private void loopback() {
        if (namespaces.fresh().contains(Namespace.Type.NETWORK)) {
            LoopbackSteps.bringUp(e);
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
        if (dev != null) {
            new DeviceSteps(e).elsewhere(root, linux.devices());
        }
    }

    private void mount(int index, Mount mount) throws RefusedException {
        String type = String.valueOf(mount.type());
        Boolean directory = request.bindIsDirectory().get(index);
        if (directory != null) {
            mounts.bind(mount, e.descriptor(LaunchPlan.bind(index)), directory);
        } else if (type.equals("cgroup") && mount.destination().equals("/sys/fs/cgroup")) {
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
        if (request.init()) {
            InitProcess.append(b, refusing(this::command));
        } else {
            command();
        }
    }

    private void command() {
        frame.command(process, root);
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
