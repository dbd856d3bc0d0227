package dev.gantry.runtime;

import dev.gantry.kernel.Poller;
import dev.gantry.oci.runtime.Process;
import dev.gantry.runtime.shim.Executable;
import dev.gantry.runtime.shim.Handover;
import dev.gantry.runtime.shim.LaunchReports;
import dev.gantry.runtime.shim.Recorder;
import dev.gantry.runtime.shim.Shim;
import dev.gantry.runtime.shim.ShimRecord;
import dev.gantry.runtime.shim.StandardStreams;
import dev.gantry.runtime.shim.StatusFile;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Instant;
import java.util.function.BooleanSupplier;

/// Runs compiled launches: of containers, and of what is executed in them.
record Launcher(Poller poller) {

    /// A launch for which only streams and shim are still to be opened.
    ///
    /// @param outOfMemory whether the kernel killed a process of the container
    /// @param outside what is done for a process of the program that waits
    record Request(
            Executable program,
            Process process,
            boolean openStdin,
            StandardStreams.Devpts devpts,
            StatusFile status,
            BooleanSupplier outOfMemory,
            Recorder recorder,
            LaunchReports.Outside outside) {}

    /// What gives a failed call its words.
    interface Failure {
        LaunchException of(LaunchReports.Outcome.Failed failed);
    }

    /// Runs the launch until the command is executed; when it fails, nothing of it is left but what was given to the
    /// handover.
    StartedProcess run(Request request, Handover handover, Failure failure) throws IOException {
        StartedProcess process = null;
        try {
            process = connected(request, handover, failure);
            return process;
        } finally {
            if (process == null) {
                handover.takeBack();
            }
        }
    }

    private StartedProcess connected(Request request, Handover handover, Failure failure) throws IOException {
        Shim shim = Shim.connect(poller, request.status(), handover);
        StandardStreams streams = null;
        StartedProcess process = null;
        try {
            streams = StandardStreams.open(poller, request.process(), request.openStdin(), request.devpts(), handover);
            Instant startedAt = Instant.now();
            Recorder.Preparation preparation = () -> request.recorder()
                    .prepare(ShimRecord.of(
                            shim.pid(), startedAt, request.program().plan()));
            process = switch (shim.run(request.program(), handover, request.outside(), preparation)) {
                case LaunchReports.Outcome.Running running ->
                    new StartedProcess(running, startedAt, shim, streams, request.outOfMemory());
                case LaunchReports.Outcome.Failed failed -> throw failure.of(failed);
                case LaunchReports.Outcome.Killed() ->
                    throw new LaunchException(
                            "start", "the process was killed while it was being made", null, LaunchException.SETUP);
            };
            return process;
        } finally {
            if (process == null) {
                abandon(shim);
                if (streams != null) {
                    streams.close();
                }
            }
        }
    }

    private static void abandon(Shim shim) throws IOException {
        try (shim) {
            shim.abandon();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while ending the supervisor of a failed start");
        }
    }
}
