package dev.gantry.engine.check;

import java.io.IOException;

/// What can be done about a [Finding].
sealed interface Remedy {
    /// What it comes to, for people.
    String text();

    /// Something that a repair does.
    ///
    /// @param text in the imperative
    record Mend(String text, Step step) implements Remedy {}

    /// Nothing that a repair may do: what the user can.
    record Advice(String text) implements Remedy {}

    /// Makes sure that it is still needed, and does it.
    interface Step {
        /// Does it.
        ///
        /// @throws IOException also if it is not to be done any more
        void run() throws IOException;
    }
}
