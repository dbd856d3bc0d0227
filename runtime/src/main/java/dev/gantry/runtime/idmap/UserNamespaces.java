package dev.gantry.runtime.idmap;

import dev.gantry.kernel.HostFiles;
import dev.gantry.kernel.Memfd;
import dev.gantry.kernel.OpenMode;
import dev.gantry.kernel.OwnedFd;
import dev.gantry.kernel.Pidfd;
import dev.gantry.kernel.Pipe;
import dev.gantry.kernel.PolledInput;
import dev.gantry.kernel.Poller;
import dev.gantry.kernel.Spawn;
import dev.gantry.runtime.program.Architecture;
import dev.gantry.runtime.program.OnError;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.Program;
import dev.gantry.runtime.program.ProgramBuilder;
import dev.gantry.runtime.program.Report;
import dev.gantry.runtime.program.Role;
import dev.gantry.runtime.program.StructType;
import dev.gantry.runtime.program.Syscall;
import dev.gantry.runtime.program.encode.Assembler;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// User namespaces in which no process lives, one for each pair of maps: what mounts whose files are to have other
/// owners are given (mount_setattr(2), `MOUNT_ATTR_IDMAP`). Thread-safe.
///
/// A JVM has many threads, so it cannot make one itself: a program of two calls does, and goes when its namespace is
/// held.
public final class UserNamespaces {
    private static final int REPORT = Spawn.FIRST_DESCRIPTOR;
    private static final int GO = REPORT + 1;
    private static final long CLONE_NEWUSER = 0x1000_0000;

    private final Poller poller;
    private final Map<IdMaps, OwnedFd> made = new HashMap<>();

    public UserNamespaces(Poller poller) {
        this.poller = poller;
    }

    /// The namespace with these maps; stays open here.
    public synchronized OwnedFd of(IdMaps maps) throws IOException {
        OwnedFd present = made.get(maps);
        if (present == null) {
            present = make(maps);
            made.put(maps, present);
        }
        return present;
    }

    private OwnedFd make(IdMaps maps) throws IOException {
        try (Pipe report = Pipe.create();
                Pipe go = Pipe.create();
                OwnedFd executable =
                        Memfd.executable("user-namespace", Assembler.assemble(program(), Architecture.host()));
                InputStream reports = new PolledInput(poller, report.read())) {
            int pid = Spawn.start(executable, "user-namespace", List.of(report.write(), go.read()));
            try (Pidfd process = Pidfd.open(pid)) {
                report.write().close();
                go.read().close();
                try {
                    awaitReady(reports);
                    ProcessMaps.write(pid, maps);
                    return HostFiles.open(Path.of("/proc", Integer.toString(pid), "ns/user"), OpenMode.READ);
                } finally {
                    go.write().close();
                    reap(process);
                }
            }
        }
    }

    private static Program program() {
        ProgramBuilder b = new ProgramBuilder(REPORT);
        b.step(Role.SHIM, "make a user namespace", "default");
        b.call(Syscall.CLOSE_RANGE, Operand.of(GO + 1L), Operand.of(0xFFFF_FFFFL), Operand.of(0));
        b.call(Syscall.UNSHARE, Operand.of(CLONE_NEWUSER));
        b.step("wait until it is held", "default");
        Operand ready =
                b.struct(StructType.RECORD, Operand.of(Report.READY), Operand.of(0), Operand.of(0), Operand.of(0));
        b.call(Syscall.WRITE, Operand.of(REPORT), ready, Operand.of(Report.SIZE));
        b.call(OnError.RESTART, Syscall.READ, Operand.of(GO), b.buffer("go", 8), Operand.of(1));
        b.exit(Operand.of(0));
        return b.build();
    }

    private static void awaitReady(InputStream reports) throws IOException {
        byte[] record = new byte[Report.SIZE];
        if (reports.readNBytes(record, 0, Report.SIZE) != Report.SIZE
                || !(Report.read(ByteBuffer.wrap(record)) instanceof Report.Ready)) {
            throw new IOException("user namespace: the kernel makes none (see user.max_user_namespaces)");
        }
    }

    private void reap(Pidfd process) throws IOException {
        try {
            poller.awaitReadable(process.descriptor());
            process.reap();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while making a user namespace");
        }
    }
}
