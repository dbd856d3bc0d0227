package dev.gantry.runtime.shim;

import java.io.IOException;

/// Keeps for a later daemon what it needs to take a process back.
public interface Recorder {
    /// Writes the record of a process that is being set up, which counts only once it is completed.
    Unfinished prepare(ShimRecord record) throws IOException;

    /// How the record of a process is prepared once it is known which process that is.
    interface Preparation {
        Unfinished of(int pid) throws IOException;
    }

    /// A record that does not count yet.
    interface Unfinished {
        /// Makes it count, at one stroke.
        void complete() throws IOException;
    }
}
