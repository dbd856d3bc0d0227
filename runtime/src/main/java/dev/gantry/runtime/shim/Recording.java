package dev.gantry.runtime.shim;

import dev.gantry.kernel.OwnedFd;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Records a process while it is made and sets itself up, and lets it execute its command then.
final class Recording implements LaunchReports.Progress, AutoCloseable {
    private final OwnedFd recorded;
    private Recorder.@Nullable Unfinished record;
    private @Nullable IOException failure;

    /// @param recorded the eventfd that the process waits for
    Recording(OwnedFd recorded) {
        this.recorded = recorded;
    }

    /// Writes the record but for the process ID. A failure is kept until it is known which process has to be ended.
    void begin(Recorder.Preparation preparation) {
        try {
            record = preparation.prepare();
        } catch (IOException e) {
            failure = e;
        }
    }

    @Override
    public void executing(int pid) throws IOException {
        if (failure != null) {
            throw failure;
        }
        if (record != null) {
            record.complete(pid);
        }
        Shim.signal(recorded);
    }

    @Override
    public void close() throws IOException {
        if (record != null) {
            record.close();
        }
    }
}
