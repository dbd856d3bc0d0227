/// The data that the OCI and Docker specifications define: references, digests, manifests, image configurations,
/// runtime specs. No I/O.
module dev.gantry.oci {
    requires static transitive org.jspecify;
    requires transitive com.fasterxml.jackson.annotation;
    requires transitive tools.jackson.databind;

    exports dev.gantry.oci.runtime;
}
