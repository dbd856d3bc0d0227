package dev.gantry.oci;

import java.io.IOException;

/// Text or bytes from outside do not follow their grammar or schema. The message names the offending part and is fit
/// for the user.
public final class MalformedException extends IOException {
    private static final long serialVersionUID = 1L;

    public MalformedException(String message) {
        super(message);
    }

    public MalformedException(String message, Throwable cause) {
        super(message, cause);
    }
}
