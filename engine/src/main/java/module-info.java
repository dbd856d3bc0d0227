/// Containers, images and events: what the HTTP API and an embedding program call.
///
/// No state is held outside the data root and the exec root of the engine's options; one engine owns one data root.
module dev.gantry.engine {
    requires static transitive org.jspecify;
    requires transitive dev.gantry.oci;
    requires dev.gantry.kernel;
    requires dev.gantry.registry;
    requires dev.gantry.runtime;
    requires dev.gantry.store;
    requires com.fasterxml.jackson.annotation;
    requires tools.jackson.core;
    requires tools.jackson.databind;

    exports dev.gantry.engine;
    exports dev.gantry.engine.config;
    exports dev.gantry.engine.host;
    exports dev.gantry.engine.refusal;
    exports dev.gantry.engine.request;
    exports dev.gantry.engine.view;

    opens dev.gantry.engine.container to
            tools.jackson.databind;
    opens dev.gantry.engine.state to
            tools.jackson.databind;
    opens dev.gantry.engine.config to
            tools.jackson.databind;
    opens dev.gantry.engine.exec to
            tools.jackson.databind;
    opens dev.gantry.engine.health to
            tools.jackson.databind;
    opens dev.gantry.engine.log to
            tools.jackson.databind;
    opens dev.gantry.engine.request to
            tools.jackson.databind;
    opens dev.gantry.engine.volume to
            tools.jackson.databind;
    opens dev.gantry.engine.view to
            tools.jackson.databind;
}
