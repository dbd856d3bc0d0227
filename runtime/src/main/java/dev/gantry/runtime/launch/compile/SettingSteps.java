package dev.gantry.runtime.launch.compile;

import static dev.gantry.runtime.launch.compile.Emitter.value;

import dev.gantry.oci.runtime.Namespace;
import dev.gantry.oci.runtime.Spec;
import dev.gantry.runtime.launch.RefusedException;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.Syscall;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the kernel keeps for each namespace: names, and sysctls.
final class SettingSteps {
    private final Emitter e;
    private final ProcessSteps process;

    SettingSteps(Emitter e, ProcessSteps process) {
        this.e = e;
        this.process = process;
    }

    /// The names of a UTS namespace.
    ///
    /// @throws RefusedException if it is the host's
    void names(Spec spec, NamespacePlan namespaces) throws RefusedException {
        boolean own = namespaces.own(Namespace.Type.UTS);
        name(Syscall.SETHOSTNAME, "host name", "hostname", spec.hostname(), own);
        name(Syscall.SETDOMAINNAME, "domain name", "domainname", spec.domainname(), own);
    }

    private void name(Syscall call, String what, String item, @Nullable String name, boolean own)
            throws RefusedException {
        if (name != null && !name.isEmpty()) {
            if (!own) {
                throw new RefusedException(item, item + " needs a UTS namespace that is not the host's");
            }
            e.step("set the " + what, item);
            e.b.call(call, e.text(name), value(name.getBytes(StandardCharsets.UTF_8).length));
        }
    }

    void sysctls(Map<String, String> values, Operand ownProc) throws RefusedException {
        for (Map.Entry<String, String> each : values.entrySet()) {
            e.step("set " + each.getKey() + " to " + each.getValue(), "linux.sysctl:" + each.getKey());
            process.write(ownProc, Sysctls.file(each.getKey()), each.getValue());
        }
    }
}
