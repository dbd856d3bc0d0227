package dev.gantry.runtime.launch.compile;

import static dev.gantry.runtime.launch.compile.Emitter.value;

import dev.gantry.oci.runtime.Namespace;
import dev.gantry.runtime.launch.LaunchPlan;
import dev.gantry.runtime.program.OnError;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.ProgramBuilder;
import dev.gantry.runtime.program.Slot;
import dev.gantry.runtime.program.Syscall;
import java.util.Set;

/// Joins a container's namespaces, and makes those that its process makes itself.
final class NamespaceSteps {
    private final Emitter e;
    private final ProgramBuilder b;
    private final NamespacePlan namespaces;
    private final Set<Namespace.Type> ready;

    /// @param ready the new ones that the daemon has made already
    NamespaceSteps(Emitter e, NamespacePlan namespaces, Set<Namespace.Type> ready) {
        this.e = e;
        this.b = e.b;
        this.namespaces = namespaces;
        this.ready = ready;
    }

    /// Joins all but the time namespace: a process that shares its memory cannot enter one, but the child can.
    void join() {
        for (Namespace.Type type : namespaces.joined()) {
            if (type != Namespace.Type.TIME) {
                join(type);
            }
        }
    }

    private void join(Namespace.Type type) {
        String name = NamespacePlan.name(type);
        String whose = ready.contains(type) ? " that the daemon has made" : "";
        e.step("join the " + name + " namespace" + whose, NamespacePlan.item(type));
        b.call(Syscall.SETNS, e.descriptor(LaunchPlan.namespace(name)), value(NamespacePlan.flag(type)));
    }

    /// Once its maker is in the container's cgroups, where the namespace is rooted.
    void makeCgroup() {
        if (namespaces.fresh().contains(Namespace.Type.CGROUP)) {
            e.step("make the cgroup namespace", NamespacePlan.item(Namespace.Type.CGROUP));
            b.call(Syscall.UNSHARE, value(Uapi.CLONE_NEWCGROUP));
        }
    }

    void joinTime() {
        if (namespaces.joined().contains(Namespace.Type.TIME)) {
            join(Namespace.Type.TIME);
        }
    }

    /// The clocks of a new time namespace can be set until a process enters it: its children would, and with
    /// [#enterTime] it does itself.
    void makeTime() {
        if (namespaces.fresh().contains(Namespace.Type.TIME)) {
            e.step("make the time namespace", NamespacePlan.item(Namespace.Type.TIME));
            b.call(Syscall.UNSHARE, value(Uapi.CLONE_NEWTIME));
        }
    }

    void enterTime(Operand ownProc) {
        if (namespaces.fresh().contains(Namespace.Type.TIME)) {
            Slot file = b.slot("time");
            e.step("enter the time namespace", NamespacePlan.item(Namespace.Type.TIME));
            e.open(file, OnError.FAIL, ownProc, "self/ns/time_for_children", Uapi.O_RDONLY, 0);
            b.call(Syscall.SETNS, file, value(Uapi.CLONE_NEWTIME));
            b.call(Syscall.CLOSE, file);
        }
    }

    void makeIpc() {
        if (namespaces.fresh().contains(Namespace.Type.IPC)) {
            e.step("make the ipc namespace", NamespacePlan.item(Namespace.Type.IPC));
            b.call(Syscall.UNSHARE, value(Uapi.CLONE_NEWIPC));
        }
    }

    /// Of a new network namespace the loopback interface is down.
    void bringLoopbackUp() {
        if (namespaces.fresh().contains(Namespace.Type.NETWORK)) {
            LoopbackSteps.bringUp(e);
        }
    }
}
