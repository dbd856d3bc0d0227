package dev.gantry.runtime.mount;

import dev.gantry.runtime.refusal.UnsupportedItem;

/// A mount option that asks for something that this runtime does not do.
public final class UnsupportedOptionException extends Exception {
    private static final long serialVersionUID = 1;

    UnsupportedOptionException(String option) {
        super(UnsupportedItem.MOUNT_OPTIONS.words(option));
    }
}
