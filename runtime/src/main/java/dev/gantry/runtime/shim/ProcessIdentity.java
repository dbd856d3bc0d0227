package dev.gantry.runtime.shim;

import dev.gantry.kernel.HostFiles;
import dev.gantry.kernel.Pidfd;
import java.io.IOException;
import java.util.Optional;

/// What tells a process from every other one, for as long as this host lives.
///
/// @param boot the ID of the boot in which it was started: process IDs of another one say nothing
/// @param startTime as [ProcessStatus#startTime]; 0 if it was gone before it was recorded
public record ProcessIdentity(String boot, int pid, long startTime) {
    public ProcessIdentity {
        // a file that is JSON need not be a record
        if (boot == null) {
            throw new IllegalArgumentException("want boot");
        }
    }

    public static ProcessIdentity of(int pid) throws IOException {
        long startTime = ProcessStatus.of(pid).map(ProcessStatus::startTime).orElse(0L);
        return new ProcessIdentity(HostFiles.bootId(), pid, startTime);
    }

    public boolean fromThisBoot() {
        return boot.equals(HostFiles.bootId());
    }

    /// Whether it has not ended, be it waited for or not.
    public boolean lives() throws IOException {
        return fromThisBoot()
                && ProcessStatus.of(pid)
                        .filter(status -> status.startTime() == startTime && !status.isZombie())
                        .isPresent();
    }

    /// The process; empty if it has ended.
    public Optional<Pidfd> open() throws IOException {
        Pidfd opened = Pidfd.find(pid).orElse(null);
        if (opened == null) {
            return Optional.empty();
        }
        // the descriptor came first: if the number is still this process's, so is the descriptor
        boolean same = false;
        try {
            same = lives() && !opened.hasEnded();
        } finally {
            if (!same) {
                opened.close();
            }
        }
        return same ? Optional.of(opened) : Optional.empty();
    }
}
