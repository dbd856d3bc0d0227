/// The data that the OCI and Docker specifications define: references, digests, manifests, image configurations,
/// runtime specs. No I/O.
module dev.gantry.oci {
    requires static transitive org.jspecify;
    requires transitive com.fasterxml.jackson.annotation;
    requires transitive tools.jackson.core;
    requires transitive tools.jackson.databind;

    exports dev.gantry.oci;
    exports dev.gantry.oci.image;
    exports dev.gantry.oci.runtime;

    opens dev.gantry.oci to
            tools.jackson.databind;
    opens dev.gantry.oci.image to
            tools.jackson.databind;
    opens dev.gantry.oci.runtime to
            tools.jackson.databind;
}
