package dev.gantry.engine.request;

import java.io.InputStream;

/// An archive to be unpacked into a container.
///
/// @param path an existing directory
/// @param keepTypes refuses to replace a directory by something else, and the other way round
/// @param toUser gives everything to the user of the container's configuration
/// @param archive read to its end, not closed
public record ExtractRequest(String path, boolean keepTypes, boolean toUser, InputStream archive) {}
