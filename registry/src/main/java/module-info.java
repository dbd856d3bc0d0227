/// The client of registries: the OCI distribution protocol, with authentication, retries and resumed downloads.
///
/// What it hands out has been verified against its digest. Credentials are sent to nobody but the registry that they
/// are for and the token server that it names.
module dev.gantry.registry {
    requires static transitive org.jspecify;
    requires transitive dev.gantry.oci;
    requires java.net.http;

    exports dev.gantry.registry;

    opens dev.gantry.registry.protocol to
            tools.jackson.databind;
}
