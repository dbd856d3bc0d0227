package dev.gantry.runtime.shim;

import dev.gantry.kernel.OwnedFd;
import dev.gantry.kernel.Pidfd;
import dev.gantry.kernel.Pipe;
import dev.gantry.kernel.PolledInput;
import dev.gantry.kernel.Poller;
import dev.gantry.kernel.Spawn;
import dev.gantry.runtime.launch.LaunchCalls;
import dev.gantry.runtime.launch.LaunchPlan;
import dev.gantry.runtime.program.Report;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Runs launch programs that leave nobody behind: the process belongs to the caller of this JVM once that has ended, or
/// to the JVM itself where it is a subreaper.
public final class UnwatchedLaunch {
    private UnwatchedLaunch() {}

    /// Runs a program until it has nothing to report any more: its command is executed, or waits at its gate, or a call
    /// has failed.
    public static LaunchReports.Outcome run(
            Poller poller, Executable program, Handover handover, LaunchReports.Outside outside) throws IOException {
        LaunchPlan plan = program.plan();
        try (Pipe control = Pipe.create();
                Pipe report = Pipe.create();
                OwnedFd executable = program.file();
                InputStream reports = new PolledInput(poller, report.read())) {
            handover.show(LaunchPlan.REPORT, report.write());
            handover.show(LaunchPlan.CONTROL, control.read());
            int pid = Spawn.start(executable, program.name(), handover.inOrder(plan.descriptors()));
            try (Pidfd parent = Pidfd.open(pid)) {
                handover.close();
                report.write().close();
                LaunchReports.Outcome outcome =
                        new LaunchReports(poller, pid, plan.program().calls().size(), outside, _ -> {}).read(reports);
                // its child is known: it may go
                control.write().close();
                poller.awaitReadable(parent.descriptor());
                parent.reap();
                return outcome;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while starting " + program.name());
        }
    }

    /// Waits until a program that has passed its gate is replaced by its command, or gone.
    ///
    /// @param calls that it may still make
    /// @return the first of them that failed
    public static Optional<LaunchReports.Outcome.Failed> awaitCommand(Poller poller, OwnedFd reports, LaunchCalls calls)
            throws IOException {
        Report.Failed first = null;
        try (InputStream in = new PolledInput(poller, reports)) {
            byte[] record = new byte[Report.SIZE];
            while (in.readNBytes(record, 0, Report.SIZE) == Report.SIZE) {
                if (first == null
                        && Report.read(ByteBuffer.wrap(record)) instanceof Report.Failed failed
                        && calls.find(failed.step()).isPresent()) {
                    first = failed;
                }
            }
        }
        return Optional.ofNullable(first).map(LaunchReports.Outcome.Failed::new);
    }
}
