package dev.gantry.runtime.hook;

import java.io.IOException;

/// A hook that could not be executed, ended with an error, or took too long.
public final class HookFailure extends IOException {
    private static final long serialVersionUID = 1;

    HookFailure(String hook, String problem) {
        super(hook + ": " + problem);
    }
}
