package dev.gantry.engine.request;

import org.jspecify.annotations.Nullable;

/// What is to go to a registry.
///
/// @param reference with a tag, or without: every tag that the repository has here
/// @param platform `os[/architecture[/variant]]` that the image must have; null is any
/// @param login null is anonymous
public record PushRequest(
        String reference,
        @Nullable String platform,
        @Nullable Login login) {}
