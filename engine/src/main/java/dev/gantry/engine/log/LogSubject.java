package dev.gantry.engine.log;

/// What a log's tag may tell of its container.
///
/// @param imageId with its algorithm
/// @param imageName as the container's maker has called the image
public record LogSubject(String id, String name, String imageId, String imageName) {}
