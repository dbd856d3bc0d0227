package dev.gantry.runtime.program;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// A record that a program writes to its report pipe; each is 16 bytes, so a pipe takes it as a whole.
///
/// ```text
///  u32 kind | u32 first | u32 second | u32 third
///  1 failed    step        errno
///  2 started   pid
///  3 ready     wanted      pid          descriptor   waits until the daemon has done that
///  4 executing                           next comes execve
/// ```
///
/// The pipe ends (all its copies are close-on-exec) when the user's command has replaced the program.
public sealed interface Report {
    /// Bytes of one record.
    int SIZE = 16;

    /// A call failed; the process that made it is gone or about to go.
    ///
    /// @param step index into [Program#calls]
    /// @param errno the positive error number
    record Failed(int step, int errno) implements Report {}

    /// The container's process exists.
    ///
    /// @param pid as the host sees it
    record Started(int pid) implements Report {}

    /// A process waits until the daemon has done something for it.
    ///
    /// @param wanted what, as bits that the program and the daemon agree on
    /// @param pid the process as the host sees it; 0 is the container's process
    /// @param descriptor of the process's, if one is wanted
    record Ready(int wanted, int pid, int descriptor) implements Report {}

    /// All set-up is done, the user's command comes next. End of file without this: the process was killed before.
    record Executing() implements Report {}

    /// What the record in the next 16 bytes says.
    static Report read(ByteBuffer buffer) {
        ByteBuffer record = buffer.slice(buffer.position(), SIZE).order(ByteOrder.LITTLE_ENDIAN);
        buffer.position(buffer.position() + SIZE);
        int kind = record.getInt(0);
        return switch (kind) {
            case FAILED -> new Failed(record.getInt(4), record.getInt(8));
            case STARTED -> new Started(record.getInt(4));
            case READY -> new Ready(record.getInt(4), record.getInt(8), record.getInt(12));
            case EXECUTING -> new Executing();
            default -> throw new IllegalArgumentException("kind of report record: got " + kind + ", want 1 to 4");
        };
    }

    /// Kind of [Failed].
    int FAILED = 1;
    /// Kind of [Started].
    int STARTED = 2;
    /// Kind of [Ready].
    int READY = 3;
    /// Kind of [Executing].
    int EXECUTING = 4;
}
