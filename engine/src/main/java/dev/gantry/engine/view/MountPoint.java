package dev.gantry.engine.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/// A mount that a container has, or has when it runs.
///
/// @param type `bind`, `tmpfs` or `volume`
/// @param name of a volume
/// @param mode the options of `-v`
public record MountPoint(
        @JsonProperty("Type") String type,

        @JsonInclude(Include.NON_NULL) @JsonProperty("Name") @Nullable
        String name,

        @JsonProperty("Source") String source,
        @JsonProperty("Destination") String destination,

        @JsonInclude(Include.NON_NULL) @JsonProperty("Driver") @Nullable
        String driver,

        @JsonProperty("Mode") String mode,
        @JsonProperty("RW") boolean writable,
        @JsonProperty("Propagation") String propagation) {}
