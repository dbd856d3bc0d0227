/// The Docker Engine HTTP API over the engine.
module dev.gantry.api {
    requires static transitive org.jspecify;
    requires transitive dev.gantry.engine;
    requires dev.gantry.oci;
    requires com.fasterxml.jackson.annotation;
    requires org.eclipse.jetty.http;
    requires org.eclipse.jetty.io;
    requires org.eclipse.jetty.server;
    requires org.eclipse.jetty.unixdomain.server;
    requires org.eclipse.jetty.util;
    requires tools.jackson.core;
    requires tools.jackson.databind;

    exports dev.gantry.api;

    opens dev.gantry.api.containers to
            tools.jackson.databind;
    opens dev.gantry.api.http to
            tools.jackson.databind;
    opens dev.gantry.api.images to
            tools.jackson.databind;
    opens dev.gantry.api.system to
            tools.jackson.databind;
    opens dev.gantry.api.volumes to
            tools.jackson.databind;
}
