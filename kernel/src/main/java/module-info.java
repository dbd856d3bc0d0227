/// The only module that speaks to the Linux kernel.
module dev.gantry.kernel {
    requires static transitive org.jspecify;

    exports dev.gantry.kernel;
    exports dev.gantry.kernel.network;
    exports dev.gantry.kernel.seccomp;
    exports dev.gantry.kernel.signal;
    exports dev.gantry.kernel.terminal;
    exports dev.gantry.kernel.tree;
}
