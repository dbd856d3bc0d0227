package dev.gantry.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.engine.config.ConfigJson;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StateRecordTest {
    private static final Instant STARTED = Instant.parse("2026-01-01T00:00:00.123456789Z");
    private static final Instant ENDED = Instant.parse("2026-01-02T00:00:00Z");
    private static final Instant NOW = Instant.parse("2026-01-03T00:00:00Z");

    @Test
    void keepsWhatHasEnded() {
        var exited = new LifeCycle.Exited(137, true, "", STARTED, ENDED);
        assertThat(settled(exited)).isEqualTo(exited);
        var created = new LifeCycle.Created(127, "not found");
        assertThat(settled(created)).isEqualTo(created);
    }

    @Test
    void endsWhatNobodyHasWatched() {
        var running = new LifeCycle.Running(42, STARTED);
        assertThat(settled(running))
                .isEqualTo(new LifeCycle.Exited(255, false, "the daemon ended while the container ran", STARTED, NOW));
        assertThat(settled(new LifeCycle.Paused(running, true))).isEqualTo(settled(running));
        assertThat(StateRecord.of(running).wasAlive()).isTrue();
    }

    @Test
    void tellsAStartThatCameToNothingFromAProcessThatIsLost() {
        StateRecord starting = StateRecord.of(new LifeCycle.Running(0, STARTED)).in("this boot");
        assertThat(starting.wasNotStarted("this boot")).isTrue();
        assertThat(starting.wasNotStarted("another")).isFalse();
        StateRecord running = StateRecord.of(new LifeCycle.Running(42, STARTED)).in("this boot");
        assertThat(running.wasNotStarted("this boot")).isFalse();
        var exited = new LifeCycle.Exited(3, false, "", STARTED, ENDED);
        StateRecord ended = StateRecord.of(exited).in("this boot");
        assertThat(ended.wasNotStarted("this boot")).isFalse();
        assertThat(ended.boot()).isEqualTo("this boot");
    }

    @Test
    void knowsTheRunThatItEnds() {
        var exited = StateRecord.of(new LifeCycle.Exited(3, false, "", STARTED, ENDED));
        assertThat(exited.endsRunOf(STARTED)).isTrue();
        assertThat(exited.endsRunOf(ENDED)).isFalse();
        assertThat(StateRecord.of(new LifeCycle.Running(42, STARTED)).endsRunOf(STARTED))
                .isFalse();
    }

    @Test
    void isReadAsEarlierVersionsHaveWrittenIt() {
        String written = ConfigJson.mapper()
                .writeValueAsString(StateRecord.of(new LifeCycle.Running(0, STARTED)))
                .replaceFirst(",\"boot\":\"\",\"restarts\":\\{.*?}", "");
        assertThat(written).doesNotContain("boot").doesNotContain("restarts");
        StateRecord read = ConfigJson.mapper().readValue(written, StateRecord.class);
        assertThat(read.wasNotStarted("this boot")).isFalse();
        assertThat(read.restarts()).isEqualTo(Restarts.NONE);
    }

    @Test
    void remembersRestarts() {
        var restarting = new LifeCycle.Restarting(new LifeCycle.Exited(3, false, "", STARTED, ENDED));
        assertThat(settled(restarting)).isEqualTo(restarting);
        StateRecord record = StateRecord.of(restarting).after(new Restarts(4, true));
        byte[] document = ConfigJson.mapper().writeValueAsBytes(record);
        StateRecord read = ConfigJson.mapper().readValue(document, StateRecord.class);
        assertThat(read.restarts()).isEqualTo(new Restarts(4, true));
        assertThat(read.endsRunOf(STARTED)).isTrue();
        assertThat(StateRecord.of(restarting).restarts()).isEqualTo(Restarts.NONE);
    }

    @Test
    void remembersARemovalThatWasUnderWay() {
        var exited = new LifeCycle.Exited(3, false, "", STARTED, ENDED);
        assertThat(settled(new LifeCycle.Removing(exited))).isEqualTo(new LifeCycle.Dead(exited, ""));
        assertThat(settled(new LifeCycle.Dead(exited, "busy"))).isEqualTo(new LifeCycle.Dead(exited, "busy"));
    }

    /// Through its JSON, as a restart reads it.
    private static LifeCycle settled(LifeCycle state) {
        byte[] document = ConfigJson.mapper().writeValueAsBytes(StateRecord.of(state));
        return ConfigJson.mapper().readValue(document, StateRecord.class).settled(NOW);
    }
}
