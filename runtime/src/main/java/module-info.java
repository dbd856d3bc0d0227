/// Runtime spec in, process out: compiles each container's spec into a launch program of system calls, and
/// starts it.
module dev.gantry.runtime {
    requires static transitive org.jspecify;
    requires transitive jdk.jfr;
    requires transitive dev.gantry.oci;
    requires transitive dev.gantry.kernel;

    exports dev.gantry.runtime;
    exports dev.gantry.runtime.check;
    exports dev.gantry.runtime.explain;
    exports dev.gantry.runtime.external;
    exports dev.gantry.runtime.refusal;
    exports dev.gantry.runtime.seccomp;
    exports dev.gantry.runtime.timing;
    exports dev.gantry.runtime.usage;

    opens dev.gantry.runtime.state to
            tools.jackson.databind;
    opens dev.gantry.runtime.launch to
            tools.jackson.databind;
    opens dev.gantry.runtime.external to
            tools.jackson.databind;
    opens dev.gantry.runtime.seccomp to
            tools.jackson.databind;
    opens dev.gantry.runtime.idmap to
            tools.jackson.databind;
    opens dev.gantry.runtime.shim to
            tools.jackson.databind;
}
