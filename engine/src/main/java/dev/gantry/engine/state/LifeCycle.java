package dev.gantry.engine.state;

import dev.gantry.engine.EngineException.Conflict;
import dev.gantry.engine.EngineException.NotModified;
import dev.gantry.engine.time.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/// The state of a container. Transitions are methods, and one that makes no sense has Docker's error for it.
public sealed interface LifeCycle {
    /// Never started, or not started with success: the exit code and the error tell why.
    record Created(int exitCode, String error) implements LifeCycle {
        /// As `create` leaves it.
        public static final Created FRESH = new Created(0, "");
    }

    /// Its process runs.
    record Running(int pid, Instant startedAt) implements LifeCycle {}

    /// Its processes are frozen.
    ///
    /// @param asked whether its user wants it so; else a request has frozen it for as long as that takes, and the
    ///     next daemon thaws it
    record Paused(Running running, boolean asked) implements LifeCycle {}

    /// Its process has ended.
    record Exited(int exitCode, boolean outOfMemory, String error, Instant startedAt, Instant finishedAt)
            implements LifeCycle {
        /// After another start, which has failed.
        public Exited notStarted(int code, String why) {
            return new Exited(code, false, why, startedAt, finishedAt);
        }
    }

    /// Its process has ended, and its restart policy will have it started again.
    record Restarting(Exited last) implements LifeCycle {}

    /// It is being removed; no other request is taken.
    record Removing(LifeCycle before) implements LifeCycle {}

    /// Its removal did not succeed; only another removal is taken.
    record Dead(LifeCycle before, String error) implements LifeCycle {}

    /// Refuses a start where it makes no sense.
    ///
    /// @throws NotModified when it runs
    /// @throws Conflict when it is paused or on its way out
    default void requireStartable() {
        switch (this) {
            case Created _, Exited _ -> {
                // may be started
            }
            case Running _, Restarting _ -> throw new NotModified("container is already running");
            case Paused _ -> throw new Conflict("cannot start a paused container, try unpause instead");
            case Removing _, Dead _ -> throw new Conflict("container is marked for removal and cannot be started");
        }
    }

    /// Refuses what changes a container that is on its way out.
    default void requireKept(String id) {
        if (this instanceof Removing || this instanceof Dead) {
            throw new Conflict("container " + id + " is marked for removal");
        }
    }

    /// Freezes.
    ///
    /// @param asked as in [Paused]
    default Paused pause(String id, boolean asked) {
        return switch (this) {
            case Running running -> new Paused(running, asked);
            case Paused _ -> throw new Conflict("container " + id + " is already paused");
            case Restarting _ -> throw restarting(id);
            case Created _, Exited _, Removing _, Dead _ -> throw new Conflict("container " + id + " is not running");
        };
    }

    /// Thaws.
    default Running unpause(String id) {
        return switch (this) {
            case Paused(Running running, boolean _) -> running;
            case Created _, Running _, Exited _, Restarting _, Removing _, Dead _ ->
                throw new Conflict("Container " + id + " is not paused");
        };
    }

    /// What the next daemon is to find on the disk.
    default LifeCycle durable() {
        return this instanceof Paused(Running running, boolean asked) && !asked ? running : this;
    }

    /// Whether a process exists.
    default boolean isAlive() {
        return switch (this) {
            case Running _, Paused _ -> true;
            case Created _, Exited _, Restarting _, Removing _, Dead _ -> false;
        };
    }

    /// Whether it runs to its user: one that will be started again does.
    default boolean isRunning() {
        return isAlive() || this instanceof Restarting;
    }

    /// The refusal of what needs a process.
    static Conflict restarting(String id) {
        return new Conflict("Container " + id + " is restarting, wait until the container is running");
    }

    /// Begins the removal.
    ///
    /// @throws Conflict when it is being removed, or has a process
    default Removing remove(String id) {
        return switch (this) {
            case Created _, Exited _, Dead _ -> new Removing(this);
            case Removing _ -> throw new Conflict("removal of container " + id + " is already in progress");
            case Running _, Paused _, Restarting _ ->
                throw new Conflict("cannot remove container \"" + id + "\": container is " + status()
                        + ": stop the container before removing or force remove");
        };
    }

    /// Docker's word for the state.
    default String status() {
        return getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    /// For people: `Up 4 days`, `Exited (0) 2 hours ago`.
    default String summary(Instant now) {
        return switch (this) {
            case Created _ -> "Created";
            case Running(int _, Instant since) -> "Up " + Timestamps.words(Duration.between(since, now));
            case Paused(Running running, boolean _) -> running.summary(now) + " (Paused)";
            case Exited exited ->
                "Exited (%d) %s ago"
                        .formatted(exited.exitCode, Timestamps.words(Duration.between(exited.finishedAt, now)));
            case Restarting(Exited last) ->
                "Restarting (%d) %s ago"
                        .formatted(last.exitCode, Timestamps.words(Duration.between(last.finishedAt, now)));
            case Removing _ -> "Removal In Progress";
            case Dead _ -> "Dead";
        };
    }
}
