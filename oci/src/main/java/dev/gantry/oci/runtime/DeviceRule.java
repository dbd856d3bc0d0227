package dev.gantry.oci.runtime;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/// A rule of the device controller, applied in order.
///
/// @param type `a` (all), `c` or `b`; null is all
/// @param major null or -1 is all
/// @param minor null or -1 is all
/// @param access a composition of `r`, `w` and `m`
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DeviceRule(
        boolean allow,
        @Nullable String type,
        @Nullable Long major,
        @Nullable Long minor,
        @Nullable String access) {}
