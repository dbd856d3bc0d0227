package dev.gantry.runtime.shim;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.HostFiles;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.OpenMode;
import dev.gantry.kernel.OwnedFd;
import dev.gantry.kernel.Pidfd;
import dev.gantry.kernel.Pipe;
import dev.gantry.kernel.PolledInput;
import dev.gantry.kernel.Poller;
import dev.gantry.kernel.Signal;
import dev.gantry.kernel.Spawn;
import dev.gantry.runtime.launch.LaunchPlan;
import dev.gantry.runtime.program.part.ExitRecord;
import dev.gantry.runtime.timing.StartStep;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The daemon's side of a launch program: starts it, reads its reports, and knows how its process ended.
///
/// A virtual thread waits for the end of the shim itself, whatever ends it: it frees the process ID, and wakes who
/// waits for a record that nobody will write any more.
public final class Shim implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(Shim.class.getName());
    private static final int CLOSE_INPUT = 'c';
    private static final int DRAINED = 'd';
    private static final Duration MOMENT = Duration.ofSeconds(5);
    /// What an eventfd is signalled with.
    private static final byte[] ONE = {1, 0, 0, 0, 0, 0, 0, 0};

    private final Poller poller;
    private final OwnedFd control;
    private final OwnedFd exited;
    private final StatusFile status;
    private final CountDownLatch launched = new CountDownLatch(1);
    private final CountDownLatch gone = new CountDownLatch(1);
    private @Nullable Pidfd shim;
    private int started;
    /// The shim's number of the status file; empty while, or if, it is not known.
    private OptionalInt statusNumber = OptionalInt.empty();

    private Shim(Poller poller, OwnedFd control, OwnedFd exited, StatusFile status) {
        this.poller = poller;
        this.control = control;
        this.exited = exited;
        this.status = status;
    }

    /// Opens what connects the daemon with the shim.
    public static Shim connect(Poller poller, StatusFile status, Handover handover) throws IOException {
        OwnedFd record = HostFiles.open(status.path(), OpenMode.READ_WRITE, OpenMode.CREATE);
        handover.give(LaunchPlan.STATUS, record);
        Shim shim = null;
        try {
            shim = connect(poller, status, record, handover);
            return shim;
        } finally {
            if (shim == null) {
                status.settle();
            }
        }
    }

    private static Shim connect(Poller poller, StatusFile status, OwnedFd record, Handover handover)
            throws IOException {
        HostFiles.reserve(record, ExitRecord.SIZE);
        Pipe control = Pipe.create();
        handover.give(LaunchPlan.CONTROL, control.read());
        handover.lend(LaunchPlan.CONTROL_KEPT, control.write());
        OwnedFd exited = handover.lend(LaunchPlan.EXITED, OwnedFd.event());
        return new Shim(poller, control.write(), exited, status);
    }

    /// The shim of another daemon.
    static Shim adopt(Poller poller, Pidfd process, KeptDescriptors kept, StatusFile status, ShimRecord record) {
        Shim shim = new Shim(poller, kept.get(LaunchPlan.CONTROL_KEPT), kept.get(LaunchPlan.EXITED), status);
        Integer number = record.descriptors().get(LaunchPlan.STATUS);
        shim.statusNumber = number == null ? OptionalInt.empty() : OptionalInt.of(number);
        shim.launched.countDown();
        shim.begin(process, "adopted");
        return shim;
    }

    /// A shim that is gone, and can be told nothing more.
    static Shim ended(Poller poller, StatusFile status) throws IOException {
        Pipe control = Pipe.create();
        control.read().close();
        Shim shim = new Shim(poller, control.write(), OwnedFd.event(), status);
        status.settle();
        shim.gone.countDown();
        shim.wake();
        return shim;
    }

    /// Runs the program until the user's command has been executed, or until it has failed.
    ///
    /// @param preparation of the record without which the command is not executed
    public LaunchReports.Outcome run(
            Executable program, Handover handover, LaunchReports.Outside outside, Recorder.Preparation preparation)
            throws IOException {
        StartStep step = StartStep.begin("launch program assembled, sealed in a memfd: what is left of it to wait for");
        try (Pipe report = Pipe.create();
                OwnedFd recorded = OwnedFd.event();
                Recording recording = new Recording(recorded);
                OwnedFd executable = program.file();
                InputStream reports = new PolledInput(poller, report.read())) {
            handover.show(LaunchPlan.REPORT, report.write());
            handover.show(LaunchPlan.RECORDED, recorded);
            step = step.then("posix_spawn");
            LaunchPlan plan = program.plan();
            int pid = Spawn.start(executable, program.name(), handover.inOrder(plan.descriptors()));
            step = step.then("launch program run, to the command's execve");
            Pidfd process = Pidfd.open(pid);
            begin(process, program.name());
            started = pid;
            statusNumber = ShimRecord.number(plan, LaunchPlan.STATUS);
            handover.close();
            report.write().close();
            recording.begin(preparation);
            int calls = plan.program().calls().size();
            return new LaunchReports(poller, pid, calls, outside, recording).read(reports);
        } finally {
            step.commit();
            launched.countDown();
        }
    }

    private void begin(Pidfd process, String name) {
        shim = process;
        Thread.ofVirtual().name("shim " + name).start(() -> watch(process));
    }

    /// The process ID of a shim that was started here.
    public int pid() {
        return started;
    }

    private void watch(Pidfd process) {
        try (process) {
            poller.awaitReadable(process.descriptor());
            reap(process);
            launched.await(); // until then the record is written
            status.settle();
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.WARNING, "waiting for the supervisor at " + status.path(), e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            wake();
            gone.countDown(); // last: who waits for it may close what was written to
        }
    }

    private static void reap(Pidfd process) throws KernelException {
        try {
            process.reap();
        } catch (KernelException e) {
            if (!e.errno().equals(Errno.ECHILD)) {
                throw e;
            }
            // a former daemon's child
        }
    }

    private void wake() {
        try {
            signal(exited);
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "nobody waits for the process at " + status.path(), e);
        }
    }

    static void signal(OwnedFd event) throws IOException {
        // not closed: the stream would close the descriptor
        OutputStream out = event.output();
        out.write(ONE);
    }

    /// Waits for the record of how the process ended; empty if the shim was killed, so that nobody knows.
    public Optional<ExitRecord> awaitExit() throws IOException, InterruptedException {
        poller.awaitReadable(exited);
        Optional<ExitRecord> record = status.read();
        return record.isPresent() ? record : ofShim();
    }

    /// The record in a file that somebody has removed: the shim has it open until it is told to go.
    private Optional<ExitRecord> ofShim() throws IOException {
        Pidfd process = shim;
        if (process == null || statusNumber.isEmpty()) {
            return Optional.empty();
        }
        try (OwnedFd open = process.descriptorOf(statusNumber.getAsInt())) {
            return status.read(open);
        } catch (KernelException e) {
            requireGone(e);
            return Optional.empty();
        }
    }

    /// The shim has ended, and has perhaps been waited for.
    private static void requireGone(KernelException e) throws KernelException {
        if (!e.errno().equals(Errno.ESRCH) && !e.errno().equals(Errno.EBADF)) {
            throw e;
        }
    }

    /// Closes the write end of the process's standard input that the shim keeps.
    public void closeInput() throws IOException {
        tell(CLOSE_INPUT);
    }

    /// Lets the shim go once its process has ended, and waits until it has gone.
    public void drained() throws IOException, InterruptedException {
        tell(DRAINED);
        gone.await();
    }

    /// Waits until a shim that has been killed is gone from the process table, or for a moment.
    public void awaitEnd() throws InterruptedIOException {
        try {
            if (!gone.await(MOMENT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOGGER.log(System.Logger.Level.WARNING, "the supervisor at {0} is still there", status.path());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the supervisor at " + status.path());
        }
    }

    private void tell(int word) throws IOException {
        try {
            // not closed: the stream would close the descriptor
            OutputStream out = control.output();
            out.write(word);
        } catch (KernelException e) {
            if (!e.errno().equals(Errno.EPIPE)) {
                throw e;
            }
            // the shim has gone: there is nothing left to be closed or to be let go
        }
    }

    /// Ends a shim whose process has never run, and forgets it.
    public void abandon() throws IOException, InterruptedException {
        Pidfd process = shim;
        if (process == null) {
            status.settle();
            return;
        }
        try {
            process.send(Signal.KILL);
        } catch (KernelException e) {
            requireGone(e);
        }
        gone.await();
    }

    @Override
    public void close() {
        control.close();
        exited.close();
    }
}
