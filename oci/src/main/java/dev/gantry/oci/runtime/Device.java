package dev.gantry.oci.runtime;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/// A device node in the container.
///
/// @param type `c` or `u` for a character device, `b` for a block device, `p` for a FIFO
/// @param fileMode permission bits
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Device(
        String path,
        String type,
        @Nullable Long major,
        @Nullable Long minor,
        @Nullable Integer fileMode,
        @Nullable Long uid,
        @Nullable Long gid) {}
