/// The Docker Engine HTTP API over the engine.
module dev.gantry.api {
    requires static transitive org.jspecify;
    requires transitive dev.gantry.engine;
}
