package dev.gantry.runtime;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.EventFd;
import dev.gantry.kernel.HostFiles;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.Memfd;
import dev.gantry.kernel.OpenMode;
import dev.gantry.kernel.OwnedFd;
import dev.gantry.kernel.Pidfd;
import dev.gantry.kernel.Pipe;
import dev.gantry.kernel.PolledInput;
import dev.gantry.kernel.Poller;
import dev.gantry.kernel.Signal;
import dev.gantry.kernel.Spawn;
import dev.gantry.runtime.launch.LaunchPlan;
import dev.gantry.runtime.program.Architecture;
import dev.gantry.runtime.program.Report;
import dev.gantry.runtime.program.encode.Assembler;
import dev.gantry.runtime.program.part.ExitRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The daemon's side of a launch program: starts it, reads its reports, and knows how its process ended.
final class Shim implements AutoCloseable {
    private static final int CLOSE_INPUT = 'c';
    private static final int DRAINED = 'd';

    private final Poller poller;
    private final OwnedFd control;
    private final OwnedFd exited;
    private final Path statusFile;
    private @Nullable Pidfd shim;

    private Shim(Poller poller, OwnedFd control, OwnedFd exited, Path statusFile) {
        this.poller = poller;
        this.control = control;
        this.exited = exited;
        this.statusFile = statusFile;
    }

    /// What is known once the program's set-up has ended.
    sealed interface Outcome {
        /// The user's command runs.
        record Running(int pid) implements Outcome {}

        /// A call failed, and the program has given up.
        record Failed(Report.Failed report) implements Outcome {}

        /// The process was killed before it reached the user's command.
        record Killed() implements Outcome {}
    }

    /// Opens what connects the daemon with the shim.
    static Shim connect(Poller poller, Path statusFile, Handover handover) throws IOException {
        Pipe control = Pipe.create();
        handover.give(LaunchPlan.CONTROL, control.read());
        handover.lend(LaunchPlan.CONTROL_KEPT, control.write());
        OwnedFd exited = handover.lend(LaunchPlan.EXITED, EventFd.create());
        handover.give(LaunchPlan.STATUS, HostFiles.open(statusFile, OpenMode.READ_WRITE, OpenMode.CREATE));
        return new Shim(poller, control.write(), exited, statusFile);
    }

    /// Runs the program until the user's command has been executed, or until it has failed.
    Outcome run(LaunchPlan plan, String name, Handover handover) throws IOException {
        try (Pipe report = Pipe.create();
                OwnedFd executable = Memfd.executable(name, Assembler.assemble(plan.program(), Architecture.host()));
                InputStream reports = new PolledInput(poller, report.read())) {
            handover.lend(LaunchPlan.REPORT, report.write());
            int pid = Spawn.start(executable, name, handover.inOrder(plan.descriptors()));
            shim = Pidfd.open(pid);
            handover.close();
            report.write().close();
            return outcome(reports);
        }
    }

    private static Outcome outcome(InputStream reports) throws IOException {
        Outcome outcome = new Outcome.Killed();
        int pid = 0;
        byte[] record = new byte[Report.SIZE];
        while (reports.readNBytes(record, 0, Report.SIZE) == Report.SIZE) {
            switch (Report.read(ByteBuffer.wrap(record))) {
                case Report.Failed failed -> outcome = new Outcome.Failed(failed);
                case Report.Started started -> {
                    pid = started.pid();
                    outcome = outcome instanceof Outcome.Running ? new Outcome.Running(pid) : outcome;
                }
                case Report.Executing _ -> outcome = new Outcome.Running(pid);
                case Report.Ready _ -> throw new IOException("launch program: got a record that nothing asks for");
            }
        }
        return outcome instanceof Outcome.Running ? new Outcome.Running(pid) : outcome;
    }

    /// Waits for the record of how the process ended.
    ExitRecord awaitExit() throws IOException, InterruptedException {
        poller.awaitReadable(exited);
        return record().orElseThrow(() -> new IOException("status of " + statusFile + ": the record is not complete"));
    }

    private Optional<ExitRecord> record() throws IOException {
        byte[] content = Files.readAllBytes(statusFile);
        return content.length == ExitRecord.SIZE ? Optional.of(ExitRecord.parse(content)) : Optional.empty();
    }

    /// Closes the write end of the process's standard input that the shim keeps.
    void closeInput() throws IOException {
        tell(CLOSE_INPUT);
    }

    /// Lets the shim go once its process has ended.
    void drained() throws IOException {
        tell(DRAINED);
    }

    private void tell(int word) throws IOException {
        // not closed: the stream would close the descriptor
        OutputStream out = control.output();
        out.write(word);
    }

    /// Waits until the shim has gone, and frees its process ID.
    void awaitEnd() throws IOException, InterruptedException {
        Pidfd process = shim;
        if (process == null) {
            return;
        }
        poller.awaitReadable(process.descriptor());
        try {
            process.reap();
        } catch (KernelException e) {
            if (!e.errno().equals(Errno.ECHILD)) {
                throw e;
            }
            // another thread has waited for it
        }
    }

    /// Ends a shim whose process has never run.
    void abandon() throws IOException, InterruptedException {
        Pidfd process = shim;
        if (process != null) {
            process.send(Signal.KILL);
            awaitEnd();
        }
    }

    @Override
    public void close() {
        control.close();
        exited.close();
        Pidfd process = shim;
        if (process != null) {
            process.close();
        }
    }
}
