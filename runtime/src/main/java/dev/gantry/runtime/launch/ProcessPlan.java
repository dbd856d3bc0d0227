package dev.gantry.runtime.launch;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The process to be executed, with everything that depends on the host already decided.
///
/// @param limits what setrlimit(2) is called with
/// @param oomScoreAdjustment null leaves the daemon's
/// @param filter the compiled seccomp filter; null for none
public record ProcessPlan(
        List<String> arguments,
        List<String> environment,
        String directory,
        Streams streams,
        Credentials credentials,
        List<Limit> limits,
        boolean noNewPrivileges,
        @Nullable Integer oomScoreAdjustment,
        @Nullable Filter filter,
        @Nullable String apparmorProfile,
        SchedulingPlan scheduling,
        Reaper reaper) {
    public ProcessPlan {
        arguments = List.copyOf(arguments);
        environment = List.copyOf(environment);
        limits = List.copyOf(limits);
    }

    /// Who waits for the process's end, and keeps the other ends of its standard streams.
    public sealed interface Reaper {
        /// The supervisor that the program leaves.
        record Shim() implements Reaper {}

        /// Who called the runtime. The program then leaves nobody, and a container's command is executed only once
        /// somebody has opened its gate.
        ///
        /// @param preserved how many descriptors the command has besides its standard streams, from 3 on
        record Caller(int preserved) implements Reaper {}
    }

    /// Where the standard streams go.
    public enum Streams {
        TERMINAL,
        PIPES,
        PIPES_WITHOUT_INPUT
    }

    /// One limit.
    ///
    /// @param resource the number of the `RLIMIT_…` constant
    /// @param raised whether it is higher than the daemon's
    public record Limit(int resource, String name, long soft, long hard, boolean raised) {}

    /// A seccomp filter.
    ///
    /// @param program an array of `struct sock_filter`
    /// @param flags `SECCOMP_FILTER_FLAG_…`
    @SuppressWarnings("ArrayRecordComponent") // never compared, never changed
    public record Filter(byte[] program, long flags) {}

    /// The same with another reaper. The caller's own streams are the process's, unless it has a terminal.
    public ProcessPlan reapedBy(Reaper other) {
        return new ProcessPlan(
                arguments,
                environment,
                directory,
                other instanceof Reaper.Shim || terminal() ? streams : Streams.PIPES,
                credentials,
                limits,
                noNewPrivileges,
                oomScoreAdjustment,
                filter,
                apparmorProfile,
                scheduling,
                other);
    }

    boolean supervised() {
        return reaper instanceof Reaper.Shim;
    }

    /// How many descriptors the command has besides its standard streams.
    int preserved() {
        return switch (reaper) {
            case Reaper.Shim() -> 0;
            case Reaper.Caller(int preserved) -> preserved;
        };
    }

    boolean terminal() {
        return streams == Streams.TERMINAL;
    }
}
