package dev.gantry.engine.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/// One thing that removing an image did: a reference or an ID is gone.
@JsonInclude(Include.NON_NULL)
public record DeletedImage(
        @JsonProperty("Untagged") @Nullable String untagged,
        @JsonProperty("Deleted") @Nullable String deleted) {
    /// A reference is gone.
    public static DeletedImage ofReference(String reference) {
        return new DeletedImage(reference, null);
    }

    /// An image or layer is gone.
    public static DeletedImage ofId(String id) {
        return new DeletedImage(null, id);
    }
}
