package dev.gantry.store.files;

import java.io.IOException;
import java.io.Serial;

/// An archive has a directory where there is something else, or the other way round; the message is Docker's.
public final class TypeConflictException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    TypeConflictException(String message) {
        super(message);
    }
}
