package dev.gantry.engine.view;

import com.fasterxml.jackson.annotation.JsonProperty;

/// An image that a search found.
public record FoundImage(
        @JsonProperty("star_count") int stars,
        @JsonProperty("is_official") boolean official,
        @JsonProperty("name") String name,
        @JsonProperty("is_automated") boolean automated,
        @JsonProperty("description") String description) {}
