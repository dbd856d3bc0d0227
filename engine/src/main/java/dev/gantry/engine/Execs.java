package dev.gantry.engine;

import dev.gantry.engine.request.ExecConfig;
import dev.gantry.engine.request.ExecStart;
import dev.gantry.engine.view.ExecView;
import dev.gantry.engine.view.ExplanationView;

/// Further processes in running containers.
public interface Execs {
    /// Records a process to be started.
    ///
    /// @return its ID, 64 hexadecimal digits
    /// @throws EngineException.Conflict when the container does not run, or is paused
    String create(String ref, ExecConfig config);

    /// The system calls that would execute such a process now, and why each is there. Nothing is made.
    ///
    /// @throws EngineException.Conflict when the container does not run, or is paused
    ExplanationView explain(String ref, ExecConfig config);

    /// Starts it with the streams that its configuration named.
    ///
    /// @throws EngineException.Conflict when it was started before
    Attachment start(String id, ExecStart start);

    /// Starts it, and leaves it alone.
    void startDetached(String id, ExecStart start);

    /// The process; known until its container stops, and a while after it ended.
    ExecView inspect(String id);

    /// Tells its terminal its size.
    void resize(String id, int rows, int columns);
}
