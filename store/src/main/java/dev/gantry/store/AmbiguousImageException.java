package dev.gantry.store;

import java.io.IOException;

/// A shortened image ID fits several images.
public final class AmbiguousImageException extends IOException {
    private static final long serialVersionUID = 1L;

    AmbiguousImageException(String shortId) {
        super("image ID %s is ambiguous: it fits several images".formatted(shortId));
    }
}
