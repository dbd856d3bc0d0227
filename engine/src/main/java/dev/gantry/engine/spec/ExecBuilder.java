package dev.gantry.engine.spec;

import dev.gantry.engine.config.ContainerConfig;
import dev.gantry.engine.config.HostConfig;
import dev.gantry.engine.request.ExecConfig;
import dev.gantry.oci.image.Environment;
import dev.gantry.oci.runtime.Process;
import dev.gantry.oci.runtime.User;
import java.util.List;

/// Writes the process of an exec as Docker would: the container's own, with what the exec asks for over it.
public final class ExecBuilder {
    private final HostFacts facts;

    public ExecBuilder(HostFacts facts) {
        this.facts = facts;
    }

    /// The process.
    ///
    /// @param main the container's main process
    /// @param user resolved in the container's root
    /// @param consoleSize height and width; empty or zeros are unknown
    public Process build(
            Process main,
            ContainerConfig config,
            HostConfig host,
            ExecConfig exec,
            Identity user,
            List<Integer> consoleSize) {
        List<String> capabilities = CapabilityNames.select(
                host.security().capAdd(),
                host.security().capDrop(),
                exec.privileged() || host.security().privileged(),
                facts.capabilities());
        List<String> asked = Environment.merge(config.env(), exec.env());
        return new Process(
                exec.tty(),
                SpecBuilder.consoleSize(consoleSize),
                new User(user.uid(), user.gid(), null, user.groups(), null),
                exec.cmd(),
                SpecBuilder.environment(config.hostname(), exec.tty(), asked, user.home()),
                exec.workingDir().isEmpty() ? main.cwd() : MountRequests.clean(exec.workingDir()),
                SpecBuilder.capabilities(capabilities, user.uid() == 0),
                main.rlimits(),
                main.noNewPrivileges(),
                exec.privileged() ? null : main.apparmorProfile(),
                main.oomScoreAdj(),
                null,
                null,
                null,
                null);
    }
}
