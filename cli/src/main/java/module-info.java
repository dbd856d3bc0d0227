/// The gantry command. Talks to a daemon only through the public API, as a stranger would.
module dev.gantry.cli {
    requires static transitive org.jspecify;
    requires dev.gantry.kernel;
}
