package dev.gantry.engine.explain;

import dev.gantry.engine.request.ExecConfig;
import dev.gantry.runtime.explain.Origins;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Why an exec's process is as it is: a flag, or because its container is so.
public final class ExecOrigins {
    private static final String CONTAINER = "container";
    private static final List<String> INHERITED = List.of(
            "process.user",
            "process.cwd",
            "process.env",
            "process.capabilities",
            "process.noNewPrivileges",
            "process.apparmorProfile",
            "process.oomScoreAdj",
            "linux.seccomp",
            "linux.namespaces:time",
            "linux.namespaces:user");
    private static final String LIMIT = "process.rlimits:";

    private ExecOrigins() {}

    /// The reasons.
    ///
    /// @param limits the names of the container's resource limits
    public static Origins of(ExecConfig exec, List<String> limits) {
        Map<String, String> reasons = new HashMap<>();
        INHERITED.forEach(item -> reasons.put(item, CONTAINER));
        limits.forEach(name -> reasons.put(LIMIT + name, CONTAINER));
        reasons.put("process.args", "command line");
        if (!exec.user().isEmpty()) {
            reasons.put("process.user", "--user " + exec.user());
        }
        if (!exec.workingDir().isEmpty()) {
            reasons.put("process.cwd", "--workdir " + exec.workingDir());
        }
        if (!exec.env().isEmpty()) {
            reasons.put("process.env", "--env");
        }
        if (exec.tty()) {
            reasons.put("process.terminal", "--tty");
        }
        if (exec.privileged()) {
            reasons.put("process.capabilities", "--privileged");
        }
        return new Origins(reasons);
    }
}
