package dev.gantry.engine.health;

import dev.gantry.engine.config.ConfigJson;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The health of one container, kept in a file for the daemon that comes after this one. It need not survive the host:
/// there, the container starts anew.
public final class HealthRecord {
    private static final System.Logger LOGGER = System.getLogger(HealthRecord.class.getName());

    private final @Nullable HealthPlan plan;
    private final Path file;
    private final Path unfinished;
    private volatile @Nullable Health health;

    /// @param plan empty if the health is not checked
    public HealthRecord(Optional<HealthPlan> plan, Path file, Path unfinished) {
        this.plan = plan.orElse(null);
        this.file = file;
        this.unfinished = unfinished;
        this.health = plan.flatMap(_ -> read()).orElse(null);
    }

    private Optional<Health> read() {
        try {
            return Optional.of(ConfigJson.read(file, Health.class));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "the health of a container is forgotten: " + file, e);
            return Optional.empty();
        }
    }

    /// Empty if the health is not checked.
    public Optional<HealthPlan> plan() {
        return Optional.ofNullable(plan);
    }

    /// Empty if it is not checked, or the container was never started.
    public Optional<Health> current() {
        return Optional.ofNullable(health);
    }

    /// The container is started.
    ///
    /// @param run when its run began
    public void begin(Instant run) {
        if (plan != null) {
            set(current().orElse(Health.UNKNOWN).started(run));
        }
    }

    /// The container is taken back. If what is known is the health of an earlier run, the daemon that has started this
    /// one has died before it began.
    ///
    /// @param run when its run began
    public void resume(Instant run) {
        // records of earlier versions do not say
        boolean known = current()
                .map(health -> health.run() == null || run.equals(health.run()))
                .orElse(false);
        if (!known) {
            begin(run);
        }
    }

    /// Takes a result.
    ///
    /// @param started when the container was
    /// @return whether the status is another one now
    public boolean add(HealthResult result, Instant started) {
        HealthPlan known = plan;
        Health before = current().orElse(Health.UNKNOWN);
        if (known == null) {
            return false;
        }
        Health after = before.after(result, known, started);
        set(after);
        return after.status() != before.status();
    }

    /// The container has ended.
    public void end() {
        current().filter(known -> known.status() != HealthStatus.UNHEALTHY).ifPresent(known -> set(known.stopped()));
    }

    private void set(Health next) {
        health = next;
        try {
            Files.write(unfinished, ConfigJson.mapper().writeValueAsBytes(next));
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "a later daemon will not know this health: " + file, e);
        }
    }
}
