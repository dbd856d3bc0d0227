/// Containers, images and events: what the HTTP API and an embedding program call.
module dev.gantry.engine {
    requires static transitive org.jspecify;
    requires transitive dev.gantry.oci;
    requires dev.gantry.kernel;
    requires transitive dev.gantry.store;
    requires transitive dev.gantry.runtime;
}
