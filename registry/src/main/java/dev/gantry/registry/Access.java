package dev.gantry.registry;

/// What a [Repository] is opened for.
public enum Access {
    PULL("pull"),
    PUSH("pull,push");

    private final String actions;

    Access(String actions) {
        this.actions = actions;
    }

    /// The actions of a token's scope.
    String actions() {
        return actions;
    }
}
