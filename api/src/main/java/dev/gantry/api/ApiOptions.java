package dev.gantry.api;

/// What the API says about itself.
///
/// @param version Gantry's own version
/// @param commit the source it was built from, abbreviated; may be empty
/// @param buildTime when it was built, RFC 3339
public record ApiOptions(String version, String commit, String buildTime) {}
