package dev.gantry.oci.runtime;

import com.fasterxml.jackson.annotation.JsonProperty;

/// The I/O priority of a process, see ioprio_set(2).
///
/// @param level the constant's name, such as `IOPRIO_CLASS_BE`
public record IoPriority(
        @JsonProperty("class") String level,
        @JsonProperty("priority") int priority) {}
