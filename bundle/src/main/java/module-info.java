/// The command line of an OCI runtime, `gantry runtime`: what other engines call in place of runc.
module dev.gantry.bundle {
    requires static transitive org.jspecify;
    requires dev.gantry.kernel;
    requires dev.gantry.oci;
    requires dev.gantry.runtime;
    requires com.fasterxml.jackson.annotation;
    requires tools.jackson.databind;

    opens dev.gantry.bundle to
            tools.jackson.databind;
}
