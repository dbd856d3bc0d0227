/// The daemon: configuration in, server out.
module dev.gantry.daemon {
    requires static transitive org.jspecify;
    requires dev.gantry.api;
}
