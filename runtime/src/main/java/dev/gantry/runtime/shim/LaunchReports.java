package dev.gantry.runtime.shim;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.Pidfd;
import dev.gantry.kernel.Poller;
import dev.gantry.kernel.Signal;
import dev.gantry.runtime.program.Report;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// What a launch program says until the user's command has replaced it.
///
/// In a foreign PID namespace, whoever may trace processes there can take the new process's end of the report pipe
/// (pidfd_getfd(2)) and write what he likes. So the process ID, to which signals will go, is checked: the process must
/// be the shim's child.
public final class LaunchReports {
    private final Poller poller;
    private final int shim;
    private final int calls;
    private Outcome.@Nullable Failed failed;
    private boolean executing;
    private int pid;
    private @Nullable Pidfd process;
    private final Outside outside;
    private final Progress progress;
    private boolean permitted;
    private Report.@Nullable Ready waiting;

    /// What is done for a process that waits.
    public interface Outside {
        /// Does it.
        ///
        /// @param descriptor of the process's, if one is wanted
        void perform(int wanted, int pid, int descriptor) throws IOException;
    }

    /// What is done as the program goes on.
    interface Progress {
        /// Nothing is left to be done but to execute the command.
        void executing(int pid) throws IOException;
    }

    /// @param shim its process ID
    /// @param calls how many calls the program has
    LaunchReports(Poller poller, int shim, int calls, Outside outside, Progress progress) {
        this.progress = progress;
        this.outside = outside;
        this.poller = poller;
        this.shim = shim;
        this.calls = calls;
    }

    /// What is known once the program's set-up has ended.
    public sealed interface Outcome {
        /// The user's command runs, or has already ended: then there is no descriptor of it.
        record Running(int pid, @Nullable Pidfd process) implements Outcome {}

        /// A call failed, and the program has given up.
        record Failed(Report.Failed report) implements Outcome {}

        /// The process was killed before it reached the user's command.
        record Killed() implements Outcome {}
    }

    /// Reads until the program is replaced or gone.
    Outcome read(InputStream reports) throws IOException {
        byte[] record = new byte[Report.SIZE];
        while (reports.readNBytes(record, 0, Report.SIZE) == Report.SIZE) {
            switch (Report.read(ByteBuffer.wrap(record))) {
                case Report.Failed report -> {
                    // the first one is the cause
                    failed = failed == null && report.step() < calls ? new Outcome.Failed(report) : failed;
                }
                case Report.Started started -> started(started.pid());
                case Report.Executing _ -> executing = true;
                case Report.Ready ready -> waiting = ready;
            }
            if (failed == null) {
                answer();
            } else if (executing) {
                break; // the process waits, and ends by itself once nobody reads any more
            }
        }
        if (failed == null && executing && pid != 0) {
            return new Outcome.Running(pid, process);
        }
        end();
        return failed == null ? new Outcome.Killed() : failed;
    }

    /// Does what a process waits for; one for which that fails is ended.
    private void answer() throws IOException {
        try {
            serve();
            if (executing && pid != 0 && !permitted) {
                permitted = true;
                progress.executing(pid);
            }
        } catch (IOException e) {
            end();
            throw e;
        }
    }

    /// Serves a process that waits, once it is known which process that is.
    private void serve() throws IOException {
        Report.Ready ready = waiting;
        if (ready == null || (ready.pid() == 0 && pid == 0)) {
            return;
        }
        waiting = null;
        if (ready.pid() != 0
                && ProcessStatus.of(ready.pid()).map(ProcessStatus::parent).orElse(0) != shim) {
            return; // a forged record: no process of the program's waits
        }
        outside.perform(ready.wanted(), ready.pid() == 0 ? pid : ready.pid(), ready.descriptor());
    }

    private void started(int reported) throws IOException {
        if (pid != 0 || reported < 1) {
            return;
        }
        try {
            Pidfd opened = Pidfd.open(reported);
            // the number is this process's as long as it is the shim's child: the shim has it until it waits for
            // it
            if (isChild(opened, reported, shim)) {
                pid = reported;
                process = opened;
            } else {
                opened.close();
            }
        } catch (KernelException e) {
            if (!e.errno().equals(Errno.ESRCH)) {
                throw e;
            }
            pid = reported; // it has ended
        }
    }

    /// A process by descriptor, if it is the child of a shim; null if it is not, or has ended.
    static @Nullable Pidfd child(int pid, int shim) throws IOException {
        Pidfd opened = Pidfd.find(pid).orElse(null);
        if (opened == null) {
            return null;
        }
        if (isChild(opened, pid, shim) && !opened.hasEnded()) {
            return opened;
        }
        opened.close();
        return null;
    }

    private static boolean isChild(Pidfd opened, int number, int shim) throws IOException {
        int parent = ProcessStatus.of(number).map(ProcessStatus::parent).orElse(0);
        // of a process that is just being waited for the kernel gives the parent as 0; once it has ended no
        // signal reaches anybody by this descriptor
        return parent == shim || opened.hasEnded();
    }

    /// Ends a process that is there although the launch did not succeed: the shim failed, or a report was forged. One
    /// that ends by itself, as it should, has closed the pipe before it leaves its cgroups.
    private void end() throws IOException {
        if (process == null) {
            return;
        }
        try (Pidfd left = process) {
            left.signal(Signal.KILL);
            poller.awaitReadable(left.descriptor());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while ending process " + pid);
        }
    }
}
