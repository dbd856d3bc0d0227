package dev.gantry.engine.request;

import dev.gantry.engine.config.ContainerConfig;
import dev.gantry.engine.config.HostConfig;
import dev.gantry.engine.config.NetworkingConfig;
import org.jspecify.annotations.Nullable;

/// A container to be created.
///
/// @param name with or without a leading slash; null takes a generated one
/// @param platform `os[/architecture[/variant]]`; null is the host's
public record CreateRequest(
        @Nullable String name,
        ContainerConfig config,
        HostConfig host,
        @Nullable NetworkingConfig networking,
        @Nullable String platform) {}
