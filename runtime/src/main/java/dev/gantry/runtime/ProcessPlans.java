package dev.gantry.runtime;

import dev.gantry.oci.runtime.Capabilities;
import dev.gantry.oci.runtime.Process;
import dev.gantry.oci.runtime.Seccomp;
import dev.gantry.oci.runtime.User;
import dev.gantry.runtime.launch.Credentials;
import dev.gantry.runtime.launch.ProcessPlan;
import dev.gantry.runtime.launch.RefusedException;
import dev.gantry.runtime.seccomp.SeccompFilters;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decides what a spec leaves to the host: numbers for names, and what this host can give.
final class ProcessPlans {
    private final HostCapabilities capabilities;
    private final HostLimits limits;
    private final SeccompFilters filters = new SeccompFilters();

    ProcessPlans(HostCapabilities capabilities, HostLimits limits) {
        this.capabilities = capabilities;
        this.limits = limits;
    }

    /// A container's process.
    ///
    /// @throws RefusedException if the filter cannot be made
    ProcessPlan plan(Process process, boolean openInput, @Nullable Seccomp seccomp) throws RefusedException {
        return decided(process, openInput, seccomp == null ? null : filters.compile(seccomp));
    }

    private ProcessPlan decided(Process process, boolean openInput, ProcessPlan.@Nullable Filter filter) {
        User user = process.user() == null ? User.ROOT : process.user();
        Capabilities granted = process.capabilities() == null ? Capabilities.of(List.of()) : process.capabilities();
        return new ProcessPlan(
                process.args(),
                process.env(),
                process.cwd(),
                streams(process.terminal(), openInput),
                new Credentials(
                        user.uid(), user.gid(), user.additionalGids(), user.umask(), capabilities.masks(granted)),
                limits.limits(process.rlimits()),
                process.noNewPrivileges(),
                limits.score(process.oomScoreAdj()),
                filter,
                process.apparmorProfile());
    }

    /// What is executed in a container that has a filter.
    ProcessPlan plan(ExecLaunch launch, ProcessPlan.@Nullable Filter filter) {
        ProcessPlan plan = decided(launch.process(), launch.openStdin(), filter);
        Credentials who = plan.credentials();
        return new ProcessPlan(
                plan.arguments(),
                plan.environment(),
                plan.directory(),
                plan.streams(),
                launch.privileged()
                        ? new Credentials(who.uid(), who.gid(), who.groups(), who.umask(), capabilities.all())
                        : who,
                plan.limits(),
                plan.noNewPrivileges(),
                limits.otherScore(plan.oomScoreAdjustment()),
                plan.filter(),
                launch.privileged() ? null : plan.apparmorProfile());
    }

    private static ProcessPlan.Streams streams(boolean terminal, boolean openInput) {
        if (terminal) {
            return ProcessPlan.Streams.TERMINAL;
        }
        return openInput ? ProcessPlan.Streams.PIPES : ProcessPlan.Streams.PIPES_WITHOUT_INPUT;
    }
}
