/// The gantry command. Talks to a daemon only through the public API, as a stranger would.
module dev.gantry.cli {
    requires static transitive org.jspecify;
    requires tools.jackson.core;
    // sun.misc.Signal: the only way to see SIGWINCH and to forward signals to a container's process
    requires jdk.unsupported;
}
