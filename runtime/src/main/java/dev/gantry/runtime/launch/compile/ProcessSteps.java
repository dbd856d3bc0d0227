package dev.gantry.runtime.launch.compile;

import static dev.gantry.runtime.launch.compile.Emitter.ZERO;
import static dev.gantry.runtime.launch.compile.Emitter.value;

import dev.gantry.runtime.idmap.IdMaps;
import dev.gantry.runtime.launch.LaunchPlan;
import dev.gantry.runtime.launch.ProcessPlan;
import dev.gantry.runtime.program.Condition;
import dev.gantry.runtime.program.ErrorNumber;
import dev.gantry.runtime.program.Label;
import dev.gantry.runtime.program.OnError;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.Slot;
import dev.gantry.runtime.program.StructType;
import dev.gantry.runtime.program.Syscall;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;

/// What is set for the process before it gives up its privileges: streams, limits, the keyring, the OOM score.
final class ProcessSteps {
    /// More descriptors than the program needs for anything but mounts.
    private static final long ROOMY = 256;

    private final Emitter e;
    private final ProcessPlan process;
    private final boolean inUserNamespace;
    /// More descriptors than the program has open at any time.
    private long roomy = ROOMY;

    /// @param inUserNamespace whether what needs the host's privileges is done by others
    ProcessSteps(Emitter e, ProcessPlan process, boolean inUserNamespace) {
        this.e = e;
        this.process = process;
        this.inUserNamespace = inUserNamespace;
    }

    /// A keyring of the container's own: without it the process would see the daemon's session keyring.
    void keyring(String id) {
        e.step("join a session keyring of the container's own", "default");
        e.b.call(
                OnError.FAIL.ignore(ErrorNumber.ENOSYS),
                Syscall.KEYCTL,
                value(Uapi.KEYCTL_JOIN_SESSION_KEYRING),
                e.text("_ses." + id));
    }

    /// Puts the streams on 0 to 2 and gives them to the user, so that `/dev/stdout` can be opened.
    ///
    /// @param nullDevice the container's own: the host's would let the container change the host's inode
    void streams(Operand nullDevice) {
        switch (process.streams()) {
            case TERMINAL -> {
                Operand terminal = e.descriptor(LaunchPlan.TERMINAL);
                e.step("make the terminal the controlling one", "process.terminal");
                e.b.call(Syscall.IOCTL, terminal, value(Uapi.TIOCSCTTY), ZERO);
                e.step("connect the standard streams", "process.terminal");
                for (int number = 0; number <= 2; number++) {
                    e.b.call(Syscall.DUP3, terminal, value(number), ZERO);
                }
                if (!inUserNamespace) {
                    e.b.call(Syscall.FCHOWN, ZERO, value(process.credentials().uid()), value(-1));
                }
            }
            case PIPES -> pipes(e.descriptor(LaunchPlan.STDIN), true);
            case PIPES_WITHOUT_INPUT -> pipes(nullDevice, false);
        }
    }

    private void pipes(Operand input, boolean owned) {
        e.step("connect the standard streams", "default");
        e.b.call(Syscall.DUP3, input, value(0), ZERO);
        e.b.call(Syscall.DUP3, e.descriptor(LaunchPlan.STDOUT), value(1), ZERO);
        e.b.call(Syscall.DUP3, e.descriptor(LaunchPlan.STDERR), value(2), ZERO);
        if (process.credentials().uid() != 0 && !inUserNamespace) {
            for (int number = owned ? 0 : 1; number <= 2; number++) {
                give(value(number), process.credentials().uid(), -1);
            }
        }
    }

    /// Gives what the daemon has opened to the user behind the one whom the process will be, and pipes to the group
    /// behind root's, as runc does: in the user namespace nobody could.
    void giveStreamsAsHost(IdMaps maps) {
        OptionalLong uid = maps.hostUid(process.credentials().uid());
        if (uid.isEmpty()) {
            return;
        }
        e.step("give the standard streams to the user", "process.user");
        if (e.descriptors.contains(LaunchPlan.TERMINAL)) {
            e.b.call(Syscall.FCHOWN, e.descriptor(LaunchPlan.TERMINAL), value(uid.getAsLong()), value(-1));
        }
        // what the caller has given is in a group that the caller has chosen
        long gid = process.supervised() ? maps.hostGid(0).orElse(-1) : -1;
        for (String name : List.of(LaunchPlan.STDIN, LaunchPlan.STDOUT, LaunchPlan.STDERR)) {
            if (e.descriptors.contains(name)) {
                give(e.descriptor(name), uid.getAsLong(), gid);
            }
        }
    }

    /// What a caller has given may be anything: the host's null device stays its owner's, and what cannot change hands
    /// is used as it is.
    private void give(Operand stream, long uid, long gid) {
        if (process.supervised()) {
            e.b.call(Syscall.FCHOWN, stream, value(uid), value(gid));
            return;
        }
        Label done = e.label("given");
        Operand.Address stat = e.stat();
        e.b.call(Syscall.FSTAT, stream, stat);
        e.b.jumpIf(e.device(stat), Condition.EQUAL, value(Emitter.device(1, 3)), done);
        OnError tolerant = OnError.FAIL
                .ignore(ErrorNumber.EPERM)
                .ignore(ErrorNumber.EINVAL)
                .ignore(ErrorNumber.EROFS);
        e.b.call(tolerant, Syscall.FCHOWN, stream, value(uid), value(gid));
        e.b.place(done);
    }

    /// Raises what only the host's CAP_SYS_RESOURCE raises; the process itself then lowers it to what is asked for.
    void raiseLimits() {
        for (ProcessPlan.Limit limit : process.limits()) {
            if (limit.raised()) {
                limit(limit, limit.hard());
            }
        }
    }

    void limits() {
        // what it is given, and one for each call: mounts and their places stay open until execve
        roomy = ROOMY + e.descriptors.free() + e.b.nextCall();
        for (ProcessPlan.Limit limit : process.limits()) {
            boolean last = isTooTight(limit);
            if (!last || Long.compareUnsigned(limit.hard(), roomy) >= 0) {
                limit(limit, last ? roomy : limit.soft());
            }
        }
    }

    /// Sets what would have left no room for the descriptors of the program itself; lowering needs no privilege.
    void tightLimits() {
        for (ProcessPlan.Limit limit : process.limits()) {
            if (isTooTight(limit)) {
                limit(limit, limit.soft());
            }
        }
    }

    private boolean isTooTight(ProcessPlan.Limit limit) {
        return limit.name().equals("RLIMIT_NOFILE") && limit.soft() >= 0 && limit.soft() < roomy;
    }

    private void limit(ProcessPlan.Limit limit, long soft) {
        e.step("limit " + limit.name(), "process.rlimits:" + limit.name());
        e.b.call(
                Syscall.PRLIMIT64,
                ZERO,
                value(limit.resource()),
                e.b.struct(StructType.RLIMIT, value(soft), value(limit.hard())),
                ZERO);
    }

    /// Writes to the process's files in a procfs of our own (CVE-2019-16884, CVE-2025-52881).
    void processFiles(Operand proc) {
        Integer score = process.oomScoreAdjustment();
        if (score != null && !inUserNamespace) {
            e.step("set the OOM score to " + score, "process.oomScoreAdj");
            write(proc, "self/oom_score_adj", Integer.toString(score));
        }
        String profile = process.apparmorProfile();
        if (profile != null) {
            e.step("set the AppArmor profile " + profile, "process.apparmorProfile");
            write(proc, "self/attr/apparmor/exec", "exec " + profile);
        }
    }

    boolean needsProc() {
        return !inUserNamespace && (process.oomScoreAdjustment() != null || process.apparmorProfile() != null);
    }

    /// Writes the process's files where the host's procfs is to be seen, for a child in a user namespace: it may not
    /// write its score, nor mount a procfs where a part of the present one is masked.
    void processFilesAsHost() {
        Integer score = process.oomScoreAdjustment();
        if (score != null) {
            e.step("set the OOM score to " + score, "process.oomScoreAdj");
            writeAsHost("/proc/self/oom_score_adj", Integer.toString(score));
        }
        String profile = process.apparmorProfile();
        if (profile != null) {
            e.step("set the AppArmor profile " + profile, "process.apparmorProfile");
            writeAsHost("/proc/self/attr/apparmor/exec", "exec " + profile);
        }
    }

    private void writeAsHost(String path, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        Slot file = e.b.slot("file");
        e.openOfHost(file, path, Uapi.O_WRONLY);
        e.b.call(Syscall.WRITE, file, e.text(value), value(bytes.length));
        e.b.call(Syscall.CLOSE, file);
    }

    /// Writes a value to a file of a procfs that is known to be one.
    void write(Operand proc, String path, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        Slot file = e.b.slot("file");
        long resolve = Uapi.RESOLVE_BENEATH | Uapi.RESOLVE_NO_MAGICLINKS | Uapi.RESOLVE_NO_XDEV;
        e.open(file, OnError.FAIL, proc, path, Uapi.O_WRONLY, resolve);
        e.b.call(Syscall.WRITE, file, e.text(value), value(bytes.length));
        e.b.call(Syscall.CLOSE, file);
    }

    /// Enters the working directory; what the privileged process may not enter is tried again by
    /// [#enterDirectoryAsUser], with the slot that this returns.
    ///
    Slot enterDirectory(Operand root) {
        Slot entered = e.b.slot("directory");
        Label denied = e.label("denied");
        e.step("enter " + process.directory(), "process.cwd");
        e.open(entered, OnError.FAIL.jump(ErrorNumber.EACCES, denied), root, process.directory() + "/.", Uapi.O_PATH);
        e.b.call(OnError.FAIL.jump(ErrorNumber.EACCES, denied), Syscall.FCHDIR, entered);
        Label done = e.label("entered");
        e.b.jump(done);
        e.b.place(denied);
        e.b.move(entered, value(-1));
        e.b.place(done);
        return entered;
    }

    /// The second attempt, and the proof that the directory is below the root (CVE-2024-21626).
    void enterDirectoryAsUser(Operand root, Slot entered) {
        Label done = e.label("entered");
        e.step("enter " + process.directory(), "process.cwd");
        e.b.jumpIf(entered, Condition.GREATER_OR_EQUAL, ZERO, done);
        e.open(entered, OnError.FAIL, root, process.directory() + "/.", Uapi.O_PATH);
        e.b.call(Syscall.FCHDIR, entered);
        e.b.place(done);
        Operand.Address path = e.b.buffer("cwd", 4096);
        Label below = e.label("below_root");
        e.step("verify that " + process.directory() + " is inside the root", "process.cwd");
        e.b.call(Syscall.GETCWD, path, value(4096));
        e.b.jumpIf(path.field("first", 0, 1), Condition.EQUAL, value('/'), below);
        e.refuse();
        e.b.place(below);
    }
}
