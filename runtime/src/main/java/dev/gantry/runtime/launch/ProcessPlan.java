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
        SchedulingPlan scheduling) {
    public ProcessPlan {
        arguments = List.copyOf(arguments);
        environment = List.copyOf(environment);
        limits = List.copyOf(limits);
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

    boolean terminal() {
        return streams == Streams.TERMINAL;
    }
}
