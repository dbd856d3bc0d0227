package dev.gantry.engine.request;

import org.jspecify.annotations.Nullable;

/// What is wanted from a registry.
///
/// @param reference with a tag or a digest, or neither: `latest`
/// @param everyTag every tag of the repository, if the reference has none
/// @param platform `os[/architecture[/variant]]`; null is the host's
/// @param login null is anonymous
public record PullRequest(
        String reference,
        boolean everyTag,
        @Nullable String platform,
        @Nullable Login login) {}
