package dev.gantry.oci.runtime;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Intel Resource Director Technology: cache and memory bandwidth.
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record IntelRdt(
        @Nullable @JsonProperty("closID") String closId,
        List<String> schemata,
        @Nullable String l3CacheSchema,
        @Nullable String memBwSchema,
        @Nullable Boolean enableMonitoring) {
    public IntelRdt {
        schemata = Lists.of(schemata);
    }
}
