package dev.gantry.arch;

/// Where paths inside a container's root are handled.
final class ContainerPaths {
    static final String[] PACKAGES = {"dev.gantry.runtime.launch.."};

    private ContainerPaths() {}
}
