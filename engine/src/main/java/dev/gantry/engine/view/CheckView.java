package dev.gantry.engine.view;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/// What `gantry system check` has found.
///
/// @param agrees whether nothing is left to be mended
public record CheckView(
        @JsonProperty("Agrees") boolean agrees,
        @JsonProperty("Findings") List<Finding> findings,
        @JsonProperty("LookedAt") LookedAt lookedAt) {
    public CheckView {
        findings = List.copyOf(findings);
    }

    /// One thing that does not agree with another.
    ///
    /// @param kind what kind of thing it is about
    /// @param subject which one: an ID, a path, a digest
    /// @param problem what is wrong
    /// @param repair what a repair would do, has done, or why it cannot
    /// @param outcome `found`, `mended`, or `left` by a repair
    public record Finding(
            @JsonProperty("Kind") String kind,
            @JsonProperty("Subject") String subject,
            @JsonProperty("Problem") String problem,
            @JsonProperty("Repair") String repair,
            @JsonProperty("Outcome") String outcome) {}

    /// How much was compared.
    ///
    /// @param directories of cgroups and run-time state of running containers
    public record LookedAt(
            @JsonProperty("Containers") int containers,
            @JsonProperty("Running") int running,
            @JsonProperty("Directories") int directories,
            @JsonProperty("Execs") int execs,
            @JsonProperty("Images") int images,
            @JsonProperty("Layers") int layers,
            @JsonProperty("Blobs") int blobs) {}
}
