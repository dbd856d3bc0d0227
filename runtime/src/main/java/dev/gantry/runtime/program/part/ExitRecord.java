package dev.gantry.runtime.program.part;

import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.ProgramBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;

/// What a shim writes when its container's process has ended. The file has exactly this size once it is complete.
///
/// ```text
///    0  siginfo_t   128 bytes  si_code at 8, si_pid at 16, si_status at 24 (waitid(2))
///  128  timespec     16 bytes  CLOCK_REALTIME after the wait
///  144  rusage      144 bytes  of the process and the descendants that it waited for (getrusage(2))
/// ```
///
/// @param pid as the host sees it
/// @param signalled whether a signal ended the process
/// @param status the exit status, or the signal's number
/// @param finishedAt when the shim collected it
/// @param userMicros CPU time in user mode
/// @param systemMicros CPU time in the kernel
/// @param maxResidentKib the largest resident set
public record ExitRecord(
        int pid,
        boolean signalled,
        int status,
        Instant finishedAt,
        long userMicros,
        long systemMicros,
        long maxResidentKib) {
    /// Bytes of the record.
    public static final int SIZE = 288;

    static final int SIGINFO = 0;
    static final int FINISHED = 128;
    static final int RUSAGE = 144;

    private static final int CLD_EXITED = 1;

    /// The exit code as a shell gives it: the status, or 128 plus the signal's number.
    public int exitCode() {
        return signalled ? 128 + status : status;
    }

    /// Reads a complete record.
    public static ExitRecord parse(byte[] content) {
        if (content.length != SIZE) {
            throw new IllegalArgumentException("exit record: got " + content.length + " bytes, want " + SIZE);
        }
        ByteBuffer record = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        return new ExitRecord(
                record.getInt(SIGINFO + 16),
                record.getInt(SIGINFO + 8) != CLD_EXITED,
                record.getInt(SIGINFO + 24),
                Instant.ofEpochSecond(record.getLong(FINISHED), record.getLong(FINISHED + 8)),
                record.getLong(RUSAGE) * 1_000_000 + record.getLong(RUSAGE + 8),
                record.getLong(RUSAGE + 16) * 1_000_000 + record.getLong(RUSAGE + 24),
                record.getLong(RUSAGE + 32));
    }

    static Operand.Address allocate(ProgramBuilder b) {
        return b.buffer("exit_record", SIZE);
    }
}
