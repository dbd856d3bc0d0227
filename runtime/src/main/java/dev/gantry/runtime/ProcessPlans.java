package dev.gantry.runtime;

import dev.gantry.oci.runtime.Capabilities;
import dev.gantry.oci.runtime.Linux;
import dev.gantry.oci.runtime.Namespace;
import dev.gantry.oci.runtime.Process;
import dev.gantry.oci.runtime.Seccomp;
import dev.gantry.oci.runtime.User;
import dev.gantry.runtime.launch.Credentials;
import dev.gantry.runtime.launch.ProcessPlan;
import dev.gantry.runtime.launch.RefusedException;
import dev.gantry.runtime.launch.SchedulingPlan;
import dev.gantry.runtime.limit.HostLimits;
import dev.gantry.runtime.scheduling.SchedulingRules;
import dev.gantry.runtime.seccomp.MuteCommand;
import dev.gantry.runtime.seccomp.SeccompFilters;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Decides what a spec leaves to the host: numbers for names, and what this host can give.
final class ProcessPlans {
    private final HostCapabilities capabilities;
    private final HostLimits limits;
    private final SeccompFilters filters;
    private final Consumer<String> warnings;

    ProcessPlans(HostCapabilities capabilities, HostLimits limits, SeccompFilters filters, Consumer<String> warnings) {
        this.capabilities = capabilities;
        this.limits = limits;
        this.filters = filters;
        this.warnings = warnings;
    }

    /// A container's process.
    ///
    /// @throws RefusedException if the filter cannot be made, or the host does not do what is asked for
    ProcessPlan plan(Process process, boolean openInput, Linux linux) throws RefusedException {
        boolean userNamespace = linux.namespaces().stream().anyMatch(each -> each.type() == Namespace.Type.USER);
        Seccomp seccomp = linux.seccomp();
        ProcessPlan.Filter filter = null;
        if (seccomp != null) {
            MuteCommand.refuse(seccomp);
            filter = filters.compile(seccomp);
        }
        return decided(
                process,
                openInput,
                filter,
                SchedulingRules.ofContainer(process, linux),
                userNamespace ? capabilities.everyMask() : capabilities);
    }

    private ProcessPlan decided(
            Process process,
            boolean openInput,
            ProcessPlan.@Nullable Filter filter,
            SchedulingPlan scheduling,
            HostCapabilities possible)
            throws RefusedException {
        if (process.args().isEmpty()) {
            throw new RefusedException("process.args", "process.args is empty: there is nothing to execute");
        } else if (!process.cwd().startsWith("/")) {
            throw new RefusedException("process.cwd", "process.cwd \"" + process.cwd() + "\" is not an absolute path");
        }
        for (String entry : process.env()) {
            checkVariable(entry);
        }
        User user = process.user() == null ? User.ROOT : process.user();
        Capabilities granted = process.capabilities() == null ? Capabilities.of(List.of()) : process.capabilities();
        possible.withoutEffect(granted).forEach(warnings);
        return new ProcessPlan(
                process.args(),
                process.env(),
                process.cwd(),
                streams(process.terminal(), openInput),
                new Credentials(user.uid(), user.gid(), user.additionalGids(), user.umask(), possible.masks(granted)),
                limits.limits(process.rlimits()),
                process.noNewPrivileges(),
                limits.score(process.oomScoreAdj()),
                filter,
                process.apparmorProfile(),
                scheduling,
                new ProcessPlan.Reaper.Shim());
    }

    /// The kernel passes on whatever it gets, but programs read it differently. The words are runc's.
    private static void checkVariable(String entry) throws RefusedException {
        int equals = entry.indexOf('=');
        String problem = null;
        if (equals < 0) {
            problem = "invalid environment variable";
        } else if (equals == 0) {
            problem = "environment variable name can't be empty";
        } else if (entry.indexOf('\0') >= 0) {
            problem = "environment variable can't contain a zero byte";
        }
        if (problem != null) {
            String shown = entry.replace("\0", "\\0");
            throw new RefusedException("process.env", "process.env: " + problem + ": \"" + shown + "\"");
        }
    }

    /// What is executed in a container that has a filter.
    ///
    /// @param userNamespace whether the container has one, in which every capability is to be had
    /// @throws RefusedException if the host does not do what is asked for
    ProcessPlan plan(ExecLaunch launch, ProcessPlan.@Nullable Filter filter, boolean userNamespace)
            throws RefusedException {
        HostCapabilities possible = userNamespace ? capabilities.everyMask() : capabilities;
        ProcessPlan plan = decided(
                launch.process(), launch.openStdin(), filter, SchedulingRules.ofExec(launch.process()), possible);
        Credentials who = plan.credentials();
        return new ProcessPlan(
                plan.arguments(),
                plan.environment(),
                plan.directory(),
                plan.streams(),
                launch.privileged()
                        ? new Credentials(who.uid(), who.gid(), who.groups(), who.umask(), possible.all())
                        : who,
                plan.limits(),
                plan.noNewPrivileges(),
                limits.otherScore(plan.oomScoreAdjustment()),
                plan.filter(),
                launch.privileged() ? null : plan.apparmorProfile(),
                plan.scheduling(),
                plan.reaper());
    }

    static ProcessPlan.Streams streams(boolean terminal, boolean openInput) {
        if (terminal) {
            return ProcessPlan.Streams.TERMINAL;
        }
        return openInput ? ProcessPlan.Streams.PIPES : ProcessPlan.Streams.PIPES_WITHOUT_INPUT;
    }
}
