package dev.gantry.runtime.shim;

import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.OwnedFd;
import dev.gantry.kernel.Pidfd;
import dev.gantry.kernel.Poller;
import dev.gantry.runtime.launch.LaunchPlan;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A shim that another daemon has started, with what it has kept for this one.
///
/// @param recorded whether its process was let go on to its command, which it is after it has been recorded; of a shim
/// that has ended nobody can say that it was not
/// @param root the root of the container that the shim's process is in; null if the shim has ended, or has none
public record AdoptedShim(
        Shim shim,
        StandardStreams streams,
        LaunchReports.Outcome.Running process,
        boolean recorded,
        @Nullable OwnedFd root) {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration MOMENT = Duration.ofMillis(1);

    /// Takes a shim back. One that has ended gives streams that are at their end.
    public static AdoptedShim of(Poller poller, ShimRecord record, StatusFile status) throws IOException {
        Optional<Pidfd> found = record.identity().open();
        if (found.isPresent()) {
            Pidfd shim = found.get();
            AdoptedShim adopted = null;
            try {
                adopted = taken(poller, record, shim, status);
                return adopted;
            } catch (KernelException e) {
                if (!shim.hasEnded()) {
                    throw e;
                }
                // it has ended meanwhile, and its descriptors with it
            } finally {
                if (adopted == null) {
                    shim.close();
                }
            }
        }
        boolean terminal = record.descriptors().containsKey(LaunchPlan.MASTER_KEPT);
        return new AdoptedShim(
                Shim.ended(poller, status),
                StandardStreams.ended(poller, terminal),
                new LaunchReports.Outcome.Running(record.pid(), null),
                true,
                null);
    }

    /// Waits until a shim has done what the last daemon told it before it died: to close the input, which would stay
    /// open if it were taken before. A word in the control pipe has woken it: one that sleeps has none left.
    private static void awaitRest(int pid) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (ProcessStatus.of(pid).filter(ProcessStatus::isRunnable).isPresent() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(MOMENT.toNanos());
        }
    }

    private static AdoptedShim taken(Poller poller, ShimRecord record, Pidfd shim, StatusFile status)
            throws IOException {
        awaitRest(record.identity().pid());
        try (KeptDescriptors kept = KeptDescriptors.of(shim, record.descriptors());
                OwnedFd event = kept.find(LaunchPlan.RECORDED)) {
            // the shims of daemons that had no such event are those of processes that were recorded
            boolean recorded = event == null || event.isReadable();
            StandardStreams streams = StandardStreams.adopt(poller, kept);
            Pidfd process = LaunchReports.child(record.pid(), record.identity().pid());
            Shim adopted = Shim.adopt(poller, shim, kept, status, record);
            kept.release();
            return new AdoptedShim(
                    adopted,
                    streams,
                    new LaunchReports.Outcome.Running(record.pid(), process),
                    recorded,
                    kept.find(LaunchPlan.ROOT));
        }
    }
}
