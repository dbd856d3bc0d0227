package dev.gantry.runtime.shim;

import java.io.IOException;

/// Keeps for a later daemon what it needs to take a process back.
public interface Recorder {
    /// Writes the record of a process that is being made, which counts only once it is completed.
    Unfinished prepare(ShimRecord record) throws IOException;

    /// How the record is prepared once the shim is there.
    interface Preparation {
        Unfinished prepare() throws IOException;
    }

    /// A record that does not count yet, and lacks the process ID. Closing one that was not completed leaves it so.
    interface Unfinished extends AutoCloseable {
        /// Makes it count, at one stroke.
        void complete(int pid) throws IOException;

        @Override
        void close() throws IOException;
    }
}
