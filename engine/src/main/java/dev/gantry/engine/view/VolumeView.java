package dev.gantry.engine.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// A volume as inspect and lists show it.
///
/// @param createdAt RFC 3339, whole seconds
/// @param labels null where none were asked for
/// @param options of the driver; null as above
/// @param usageData only where disk usage was asked for
@JsonNaming(UpperCamelCaseStrategy.class)
@JsonInclude(Include.ALWAYS)
public record VolumeView(
        String createdAt,
        String driver,
        @Nullable Map<String, String> labels,
        String mountpoint,
        String name,
        @Nullable Map<String, String> options,
        String scope,
        @JsonInclude(Include.NON_NULL) @Nullable Usage usageData) {

    /// What a volume takes.
    ///
    /// @param refCount containers that use it
    /// @param size bytes that are allocated on the disk
    @JsonNaming(UpperCamelCaseStrategy.class)
    public record Usage(long refCount, long size) {}
}
