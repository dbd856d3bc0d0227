package dev.gantry.runtime.launch;

import java.io.IOException;

/// A spec that asks for what this runtime does not do, or forbids itself to do.
public final class RefusedException extends IOException {
    private static final long serialVersionUID = 1;

    private final String item;

    /// @param item the item of the spec
    public RefusedException(String item, String message) {
        super(message);
        this.item = item;
    }

    public String item() {
        return item;
    }
}
