package dev.gantry.engine;

import dev.gantry.engine.view.SystemView;

/// The engine and its host.
public interface SystemInformation {
    /// What `docker info` shows, as of now.
    SystemView view();

    /// `uname -r`.
    String kernelVersion();

    /// Docker's word for the machine: `amd64`, `arm64`.
    String architecture();
}
