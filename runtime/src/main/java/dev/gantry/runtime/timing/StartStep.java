package dev.gantry.runtime.timing;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/// One step of a container's start or end, for Java Flight Recorder: `jcmd <pid> JFR.start` shows where the time of
/// starts goes in a daemon that runs. Costs nothing while nothing is recorded.
@Name("dev.gantry.StartStep")
@Label("Step of a container's start")
@Category("Gantry")
@StackTrace(false)
public final class StartStep extends Event {
    @Label("Step")
    @SuppressWarnings("UnusedVariable") // the recorder reads it
    private final String step;

    private StartStep(String step) {
        this.step = step;
    }

    /// Begins a step, which ends with [#commit].
    ///
    /// @param step what is done, as one reads it in a table
    public static StartStep begin(String step) {
        var event = new StartStep(step);
        event.begin();
        return event;
    }

    /// Ends this step, and begins the next one.
    public StartStep then(String next) {
        commit();
        return begin(next);
    }
}
