package dev.gantry.oci.runtime;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The program that a container or an exec runs, and everything that is set for it just before `execve(2)`.
///
/// @param cwd an absolute path inside the container's root
/// @param oomScoreAdj -1000 to 1000; null inherits
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@SuppressWarnings("AvoidCommonTypeNames") // the name that the specification gives it
public record Process(
        boolean terminal,
        @Nullable ConsoleSize consoleSize,
        @Nullable User user,
        List<String> args,
        List<String> env,
        String cwd,
        @Nullable Capabilities capabilities,
        List<Rlimit> rlimits,
        boolean noNewPrivileges,
        @Nullable String apparmorProfile,
        @Nullable Integer oomScoreAdj,
        @Nullable Scheduler scheduler,
        @Nullable String selinuxLabel,
        @Nullable IoPriority ioPriority,
        @Nullable @JsonProperty("execCPUAffinity") CpuAffinity execCpuAffinity) {
    public Process {
        args = Lists.of(args);
        env = Lists.of(env);
        rlimits = Lists.of(rlimits);
    }

    /// The program of arguments `args` in directory `cwd` as user 0, with nothing else set.
    public static Process of(List<String> args, List<String> env, String cwd) {
        return new Process(
                false, null, null, args, env, cwd, null, List.of(), false, null, null, null, null, null, null);
    }

    /// The same program with other arguments.
    public Process withArgs(List<String> others) {
        return with(others, env, capabilities, apparmorProfile);
    }

    /// The same program with another environment.
    public Process withEnv(List<String> other) {
        return with(args, other, capabilities, apparmorProfile);
    }

    /// The same program with other capabilities.
    public Process withCapabilities(Capabilities others) {
        return with(args, env, others, apparmorProfile);
    }

    /// The same program, not confined by AppArmor.
    public Process withoutApparmorProfile() {
        return with(args, env, capabilities, null);
    }

    private Process with(
            List<String> otherArgs,
            List<String> otherEnv,
            @Nullable Capabilities otherCapabilities,
            @Nullable String otherProfile) {
        return new Process(
                terminal,
                consoleSize,
                user,
                otherArgs,
                otherEnv,
                cwd,
                otherCapabilities,
                rlimits,
                noNewPrivileges,
                otherProfile,
                oomScoreAdj,
                scheduler,
                selinuxLabel,
                ioPriority,
                execCpuAffinity);
    }

    /// The size of a terminal, in characters.
    public record ConsoleSize(int height, int width) {}

    /// The CPUs an exec starts on and those it ends on, as CPU lists (`0-3,7`).
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record CpuAffinity(
            @Nullable String initial,
            @Nullable @JsonProperty("final") String last) {}
}
