package dev.gantry.runtime.launch;

import dev.gantry.runtime.refusal.UnsupportedItem;
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

    /// @param item the item of the spec
    /// @param values what is asked for, if the refusal repeats it
    public RefusedException(String item, UnsupportedItem unsupported, Object... values) {
        this(item, unsupported.words(values));
    }

    public String item() {
        return item;
    }
}
