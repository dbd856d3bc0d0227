package dev.gantry.oci.runtime;

import com.fasterxml.jackson.annotation.JsonProperty;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonSerialize;

/// A resource limit, see setrlimit(2).
///
/// @param type the constant's name, such as `RLIMIT_NOFILE`
/// @param hard the limit's bits as an unsigned number; -1 is no limit
/// @param soft the limit's bits as an unsigned number; -1 is no limit
public record Rlimit(
        String type,

        @JsonProperty("hard")
        @JsonSerialize(using = Unsigned.Writer.class)
        @JsonDeserialize(using = Unsigned.Reader.class)
        long hard,

        @JsonProperty("soft")
        @JsonSerialize(using = Unsigned.Writer.class)
        @JsonDeserialize(using = Unsigned.Reader.class)
        long soft) {
    public static final long INFINITY = -1;
}
