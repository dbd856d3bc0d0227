package dev.gantry.engine.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gantry.engine.config.EndpointSettings;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// A container as `ps` shows it.
///
/// @param created seconds since 1970
/// @param status for people: `Up 4 days`, `Exited (0) 2 hours ago`
@JsonNaming(UpperCamelCaseStrategy.class)
@JsonInclude(Include.ALWAYS)
public record ContainerSummary(
        String id,
        List<String> names,
        String image,
        @JsonProperty("ImageID") String imageId,
        String command,
        long created,
        List<Port> ports,
        @JsonInclude(Include.NON_NULL) @Nullable Long sizeRw,
        @JsonInclude(Include.NON_NULL) @Nullable Long sizeRootFs,
        Map<String, String> labels,
        String state,
        String status,
        HostSummary hostConfig,
        Networks networkSettings,
        List<MountPoint> mounts) {

    /// An exposed port.
    @JsonNaming(UpperCamelCaseStrategy.class)
    public record Port(int privatePort, String type) {}

    /// The part of the host configuration that lists show.
    @JsonNaming(UpperCamelCaseStrategy.class)
    public record HostSummary(
            String networkMode,
            @JsonInclude(Include.NON_EMPTY) Map<String, String> annotations) {}

    /// Endpoints by network name.
    @JsonNaming(UpperCamelCaseStrategy.class)
    public record Networks(Map<String, EndpointSettings> networks) {}
}
