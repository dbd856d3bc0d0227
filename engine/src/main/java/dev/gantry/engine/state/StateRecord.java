package dev.gantry.engine.state;

import dev.gantry.engine.time.Timestamps;
import java.time.Instant;

/// The durable form of a [LifeCycle]: the content of a container's [StateFile].
///
/// @param status as [LifeCycle#status]
/// @param pid 0 while the process is being made, and of one that has ended
/// @param boot the ID of the boot in which this was written, and after a slash that of the exec root, without which
///     records of earlier versions are; empty if it is not known
/// @param restarts records of earlier versions have none
public record StateRecord(
        String status,
        int pid,
        int exitCode,
        boolean outOfMemory,
        String error,
        Instant startedAt,
        Instant finishedAt,
        String boot,
        Restarts restarts) {
    public StateRecord {
        // records of earlier versions have none
        boot = boot == null ? "" : boot;
        restarts = restarts == null ? Restarts.NONE : restarts;
    }

    /// The state of a container, to be shown.
    public static StateRecord of(LifeCycle state) {
        return switch (state) {
            case LifeCycle.Created(int code, String error) ->
                new StateRecord(
                        state.status(), 0, code, false, error, Timestamps.NEVER, Timestamps.NEVER, "", Restarts.NONE);
            case LifeCycle.Running(int pid, Instant since) ->
                new StateRecord(state.status(), pid, 0, false, "", since, Timestamps.NEVER, "", Restarts.NONE);
            case LifeCycle.Paused(LifeCycle.Running(int pid, Instant since), boolean _) ->
                new StateRecord(state.status(), pid, 0, false, "", since, Timestamps.NEVER, "", Restarts.NONE);
            case LifeCycle.Exited exited ->
                new StateRecord(
                        state.status(),
                        0,
                        exited.exitCode(),
                        exited.outOfMemory(),
                        exited.error(),
                        exited.startedAt(),
                        exited.finishedAt(),
                        "",
                        Restarts.NONE);
            case LifeCycle.Restarting(LifeCycle.Exited last) -> of(last).with(state.status(), last.error());
            case LifeCycle.Removing(LifeCycle before) ->
                of(before).with(state.status(), of(before).error());
            case LifeCycle.Dead(LifeCycle before, String error) -> of(before).with(state.status(), error);
        };
    }

    /// The same state with another text.
    public StateRecord withError(String other) {
        return with(status, other);
    }

    private StateRecord with(String otherStatus, String otherError) {
        return new StateRecord(
                otherStatus, pid, exitCode, outOfMemory, otherError, startedAt, finishedAt, boot, restarts);
    }

    /// The same state, after such restarts.
    public StateRecord after(Restarts others) {
        return new StateRecord(status, pid, exitCode, outOfMemory, error, startedAt, finishedAt, boot, others);
    }

    /// The same state, written in this boot, and with this exec root.
    public StateRecord in(String currentBoot) {
        return new StateRecord(status, pid, exitCode, outOfMemory, error, startedAt, finishedAt, currentBoot, restarts);
    }

    /// Whether a process ran when this was written.
    public boolean wasAlive() {
        return status.equals("running") || status.equals("paused");
    }

    /// Whether this is the end of the run that began then.
    public boolean endsRunOf(Instant began) {
        return !wasAlive() && startedAt.equals(began);
    }

    /// Whether it was written while a process was being made that this exec root has no record of: there never was
    /// one.
    public boolean wasNotStarted(String current) {
        return wasAlive() && pid == 0 && !boot.isEmpty() && (current.equals(boot) || current.startsWith(boot + "/"));
    }

    /// The state of a container that no daemon has watched since this was written: what ran then does not run now.
    ///
    /// @param now taken for the end of a process whose end nobody saw
    public LifeCycle settled(Instant now) {
        return switch (status) {
            case "created" -> new LifeCycle.Created(exitCode, error);
            case "running", "paused" ->
                new LifeCycle.Exited(LOST, false, "the daemon ended while the container ran", startedAt, now);
            case "restarting" -> new LifeCycle.Restarting(ended(error));
            case "removing", "dead" -> new LifeCycle.Dead(ended(""), error);
            default -> ended(error);
        };
    }

    private LifeCycle.Exited ended(String why) {
        return new LifeCycle.Exited(exitCode, outOfMemory, why, startedAt, finishedAt);
    }

    /// Docker's exit code for a container whose end it has not seen.
    private static final int LOST = 255;
}
