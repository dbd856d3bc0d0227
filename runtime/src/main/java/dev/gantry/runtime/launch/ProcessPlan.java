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
    /// @param agent who is notified of system calls; null if the filter notifies nobody
    @SuppressWarnings("ArrayRecordComponent") // never compared, never changed
    public record Filter(
            byte[] program, long flags, @Nullable Agent agent) {}

    /// Who answers for the kernel where a filter says `SCMP_ACT_NOTIFY`, seccomp_unotify(2).
    ///
    /// @param socket where it is given the listener, unix(7)
    /// @param metadata what it is told with it; null for nothing
    public record Agent(String socket, @Nullable String metadata) {}

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

    /// Who is notified of system calls; null for nobody.
    public @Nullable Agent agent() {
        return filter == null ? null : filter.agent();
    }

    /// Whether somebody is notified of system calls.
    public boolean notifies() {
        return agent() != null;
    }

    /// Whether the program leaves a supervisor.
    public boolean supervised() {
        return reaper instanceof Reaper.Shim;
    }

    /// How many descriptors the command has besides its standard streams.
    public int preserved() {
        return switch (reaper) {
            case Reaper.Shim() -> 0;
            case Reaper.Caller(int preserved) -> preserved;
        };
    }

    public boolean terminal() {
        return streams == Streams.TERMINAL;
    }
}
