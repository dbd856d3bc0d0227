package dev.gantry.runtime.launch.compile;

import static dev.gantry.runtime.launch.compile.Emitter.ZERO;
import static dev.gantry.runtime.launch.compile.Emitter.value;

import dev.gantry.runtime.launch.Credentials;
import dev.gantry.runtime.launch.Credentials.CapabilityMasks;
import dev.gantry.runtime.launch.ProcessPlan;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.ProgramBuilder;
import dev.gantry.runtime.program.Slot;
import dev.gantry.runtime.program.StructType;
import dev.gantry.runtime.program.Syscall;
import java.util.ArrayList;
import java.util.List;

/// User, capabilities and the system-call filter.
///
/// ```text
///  bounding set ─ groups ─ gid ─ uid (keeping capabilities) ─ capset ─ no_new_privs ─ ambient ─ seccomp ─ execve
/// ```
/// What follows the filter has to be allowed by the user's profile, so nothing follows but `execve`: a profile may deny
/// capset and prctl. Loading a filter without no_new_privs needs CAP_SYS_ADMIN; where the container is not to have it,
/// `execve` takes it away, which computes a process's capabilities from its bounding, inheritable and ambient sets
/// alone, capabilities(7). (runc calls capset after the filter, and fails with such profiles.)
final class CredentialSteps {
    private final Emitter e;
    private final ProgramBuilder b;
    private final ProcessPlan process;
    private final CapabilityMasks wanted;

    CredentialSteps(Emitter e, ProcessPlan process) {
        this.e = e;
        this.b = e.b;
        this.process = process;
        this.wanted = process.credentials().capabilities();
    }

    /// Becomes the user, with the capabilities that the rest needs.
    void become(int lastCapability) {
        for (int capability = 0; capability <= lastCapability; capability++) {
            if ((wanted.bounding() & 1L << capability) == 0) {
                e.step("drop capability " + capability + " from the bounding set", "process.capabilities");
                b.call(Syscall.PRCTL, value(Uapi.PR_CAPBSET_DROP), value(capability));
            }
        }
        Credentials who = process.credentials();
        if (who.uid() != 0) {
            e.step("keep capabilities over the change of user", "process.user");
            b.call(Syscall.PRCTL, value(Uapi.PR_SET_KEEPCAPS), value(1));
        }
        e.step("set the groups", "process.user");
        setGroups(who.groups());
        b.call(Syscall.SETRESGID, value(who.gid()), value(who.gid()), value(who.gid()));
        e.step("set the user", "process.user");
        b.call(Syscall.SETRESUID, value(who.uid()), value(who.uid()), value(who.uid()));
        e.step("set the umask", "process.user.umask");
        b.call(Syscall.UMASK, value(who.umask() == null ? 0022 : who.umask()));
        e.step("set the capabilities", "process.capabilities");
        boolean filterNeedsPrivilege = process.filter() != null && !process.noNewPrivileges();
        setCapabilities(filterNeedsPrivilege ? 1L << Uapi.CAP_SYS_ADMIN : 0);
    }

    private void setGroups(List<Long> groups) {
        if (groups.isEmpty()) {
            b.call(Syscall.SETGROUPS, ZERO, ZERO);
        } else {
            List<Operand> ids = groups.stream().map(Operand::of).toList();
            b.call(Syscall.SETGROUPS, value(groups.size()), b.struct(StructType.ID, ids));
        }
    }

    private void setCapabilities(long more) {
        long effective = wanted.effective() | more;
        long permitted = wanted.permitted() | more;
        long low = 0xFFFF_FFFFL;
        b.call(
                Syscall.CAPSET,
                b.struct(StructType.CAP_HEADER, value(Uapi.CAPABILITY_VERSION_3), ZERO),
                b.struct(
                        StructType.CAP_DATA,
                        value(effective & low),
                        value(permitted & low),
                        value(wanted.inheritable() & low),
                        value(effective >>> 32),
                        value(permitted >>> 32),
                        value(wanted.inheritable() >>> 32)));
    }

    /// The last steps before `execve`.
    ///
    /// @return the listener of the filter, if it notifies an agent
    Operand seal() {
        if (process.noNewPrivileges()) {
            e.step("never gain privileges by execve", "process.noNewPrivileges");
            b.call(Syscall.PRCTL, value(Uapi.PR_SET_NO_NEW_PRIVS), value(1));
        }
        ambient();
        return filter();
    }

    private void ambient() {
        List<Integer> raised = new ArrayList<>();
        for (int capability = 0; capability < Long.SIZE; capability++) {
            if ((wanted.ambient() & 1L << capability) != 0) {
                raised.add(capability);
            }
        }
        for (int capability : raised) {
            e.step("raise ambient capability " + capability, "process.capabilities");
            b.call(Syscall.PRCTL, value(Uapi.PR_CAP_AMBIENT), value(Uapi.PR_CAP_AMBIENT_RAISE), value(capability));
        }
    }

    private Operand filter() {
        ProcessPlan.Filter filter = process.filter();
        if (filter == null) {
            return ZERO;
        }
        e.step("load the seccomp filter", "linux.seccomp");
        Operand program =
                b.struct(StructType.SOCK_FPROG, value(filter.program().length / 8), b.bytes(filter.program()));
        Slot listener = b.slot("listener");
        b.call(listener, Syscall.SECCOMP, value(Uapi.SECCOMP_SET_MODE_FILTER), value(filter.flags()), program);
        return listener;
    }
}
