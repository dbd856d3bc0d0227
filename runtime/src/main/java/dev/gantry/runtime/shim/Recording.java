package dev.gantry.runtime.shim;

import dev.gantry.kernel.OwnedFd;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Records a process while it sets itself up, and lets it execute its command then.
final class Recording implements LaunchReports.Progress {
    private final Recorder.Preparation preparation;
    private final OwnedFd recorded;
    private Recorder.@Nullable Unfinished record;

    /// @param recorded the eventfd that the process waits for
    Recording(Recorder.Preparation preparation, OwnedFd recorded) {
        this.preparation = preparation;
        this.recorded = recorded;
    }

    @Override
    public void started(int pid) throws IOException {
        record = preparation.of(pid);
    }

    @Override
    public void executing() throws IOException {
        if (record != null) {
            record.complete();
        }
        Shim.signal(recorded);
    }
}
