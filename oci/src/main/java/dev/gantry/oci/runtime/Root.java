package dev.gantry.oci.runtime;

/// The container's root file system.
public record Root(String path, boolean readonly) {}
