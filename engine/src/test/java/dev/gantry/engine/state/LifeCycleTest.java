package dev.gantry.engine.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.engine.EngineException.Conflict;
import dev.gantry.engine.EngineException.NotModified;
import dev.gantry.engine.state.LifeCycle.Created;
import dev.gantry.engine.state.LifeCycle.Dead;
import dev.gantry.engine.state.LifeCycle.Exited;
import dev.gantry.engine.state.LifeCycle.Paused;
import dev.gantry.engine.state.LifeCycle.Removing;
import dev.gantry.engine.state.LifeCycle.Restarting;
import dev.gantry.engine.state.LifeCycle.Running;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LifeCycleTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant NOW = START.plusSeconds(7200);
    private static final Running RUNNING = new Running(7, START);
    private static final Exited EXITED = new Exited(3, false, "", START, START.plusSeconds(3600));

    @Test
    void startsWhatDoesNotRun() {
        assertThatNoException().isThrownBy(Created.FRESH::requireStartable);
        assertThatNoException().isThrownBy(EXITED::requireStartable);
        assertThatThrownBy(RUNNING::requireStartable).isInstanceOf(NotModified.class);
        assertThatThrownBy(new Paused(RUNNING, true)::requireStartable)
                .isInstanceOf(Conflict.class)
                .hasMessage("cannot start a paused container, try unpause instead");
        assertThatThrownBy(new Removing(EXITED)::requireStartable).isInstanceOf(Conflict.class);
    }

    @Test
    void refusesToPauseAnExitedContainer() {
        assertThat(RUNNING.pause("c", true).unpause("c")).isEqualTo(RUNNING);
        assertThatThrownBy(() -> EXITED.pause("c", true))
                .isInstanceOf(Conflict.class)
                .hasMessage("container c is not running");
        assertThatThrownBy(() -> new Paused(RUNNING, true).pause("c", true))
                .hasMessage("container c is already paused");
        assertThatThrownBy(() -> RUNNING.unpause("c")).hasMessage("Container c is not paused");
    }

    @Test
    void removesOnlyWhatHasNoProcess() {
        assertThat(EXITED.remove("c")).isEqualTo(new Removing(EXITED));
        assertThat(new Dead(EXITED, "busy").remove("c").before()).isInstanceOf(Dead.class);
        assertThatThrownBy(() -> RUNNING.remove("c"))
                .isInstanceOf(Conflict.class)
                .hasMessage("cannot remove container \"c\": container is running:"
                        + " stop the container before removing or force remove");
        assertThatThrownBy(() -> new Removing(EXITED).remove("c"))
                .hasMessage("removal of container c is already in progress");
    }

    @Test
    void whatIsToBeStartedAgainRunsWithoutAProcess() {
        var restarting = new Restarting(EXITED);
        assertThat(restarting.isRunning()).isTrue();
        assertThat(restarting.isAlive()).isFalse();
        assertThat(restarting.status()).isEqualTo("restarting");
        assertThat(restarting.summary(NOW)).isEqualTo("Restarting (3) About an hour ago");
        assertThatThrownBy(restarting::requireStartable).isInstanceOf(NotModified.class);
        assertThatThrownBy(() -> restarting.pause("c", true))
                .isInstanceOf(Conflict.class)
                .hasMessage("Container c is restarting, wait until the container is running");
        assertThatThrownBy(() -> restarting.unpause("c")).hasMessage("Container c is not paused");
        assertThatThrownBy(() -> restarting.remove("c"))
                .hasMessage("cannot remove container \"c\": container is restarting:"
                        + " stop the container before removing or force remove");
    }

    @Test
    void speaksOfStatesAsDockerDoes() {
        assertThat(Created.FRESH.summary(NOW)).isEqualTo("Created");
        assertThat(RUNNING.summary(NOW)).isEqualTo("Up 2 hours");
        assertThat(new Paused(RUNNING, true).summary(NOW)).isEqualTo("Up 2 hours (Paused)");
        assertThat(EXITED.summary(NOW)).isEqualTo("Exited (3) About an hour ago");
        assertThat(new Removing(EXITED).summary(NOW)).isEqualTo("Removal In Progress");
        assertThat(new Dead(EXITED, "busy").status()).isEqualTo("dead");
        assertThat(RUNNING.isAlive()).isTrue();
        assertThat(EXITED.isAlive()).isFalse();
    }
}
