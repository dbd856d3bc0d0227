/// The daemon: configuration in, server out.
module dev.gantry.daemon {
    requires static transitive org.jspecify;
    requires dev.gantry.api;
    requires dev.gantry.engine;
    requires dev.gantry.oci;
    requires com.amazon.corretto.crypto.provider;
    requires java.logging;
    // sun.misc.Signal: the only way to an orderly answer to SIGTERM, SIGINT and SIGHUP
    requires jdk.unsupported;
    requires tools.jackson.databind;
}
