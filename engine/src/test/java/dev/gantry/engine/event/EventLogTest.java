package dev.gantry.engine.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.engine.EngineException;
import dev.gantry.engine.Event;
import dev.gantry.engine.EventStream;
import dev.gantry.engine.Filters;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EventLogTest {
    private static final Instant LONG_AGO = Instant.EPOCH;
    private final EventLog events = new EventLog();

    @Test
    void givesWhatHappenedSinceAndEndsAtUntil() throws Exception {
        happens("create", "c1", "web");
        happens("start", "c1", "web");

        assertThat(actions(events.subscribe(Filters.NONE, LONG_AGO, Instant.now())))
                .containsExactly("create", "start");
    }

    @Test
    void givesNoPastWithoutSince() throws Exception {
        happens("create", "c1", "web");
        EventStream stream = events.subscribe(Filters.NONE, null, null);
        happens("start", "c1", "web");

        assertThat(stream.next()).extracting(Event::action).isEqualTo("start");
        stream.close();
        assertThat(stream.next()).isNull();
        assertThat(stream.next()).isNull();
    }

    @Test
    void keepsTheLast256() throws Exception {
        for (int i = 0; i < 300; i++) {
            happens("a" + i, "c", "n");
        }

        assertThat(actions(events.subscribe(Filters.NONE, LONG_AGO, Instant.now())))
                .hasSize(256)
                .endsWith("a299");
    }

    @Test
    void findsContainersByTheBeginningOfNameOrId() throws Exception {
        happens("start", "abcdef", "web");
        happens("start", "123456", "database");

        assertThat(past(Filters.of("container", "abc"))).hasSize(1);
        assertThat(past(Filters.of("container", "data"))).hasSize(1);
        assertThat(past(Filters.of("container", "abc", "data"))).hasSize(2);
        assertThat(past(Filters.of("container", "zzz"))).isEmpty();
    }

    @Test
    void findsImagesWithAndWithoutTag() throws Exception {
        events.publish("image", "tag", "sha256:1", Map.of("name", "busybox:latest"));
        events.publish("container", "create", "c", Map.of("image", "busybox", "name", "x"));

        assertThat(past(Filters.of("image", "busybox"))).hasSize(2);
        assertThat(past(Filters.of("image", "busybox:latest"))).hasSize(1);
    }

    @Test
    void findsExecEventsByTheirFirstWord() throws Exception {
        happens("exec_create: sh -c true", "c", "n");

        assertThat(past(Filters.of("event", "exec_create"))).hasSize(1);
        assertThat(past(Filters.of("event", "exec_start"))).isEmpty();
    }

    @Test
    void wantsAllLabels() throws Exception {
        events.publish("container", "start", "c", Map.of("a", "1", "b", "2"));

        assertThat(past(Filters.of("label", "a", "b=2"))).hasSize(1);
        assertThat(past(Filters.of("label", "a", "b=3"))).isEmpty();
    }

    @Test
    void combinesDifferentFilters() throws Exception {
        happens("start", "c", "n");
        happens("die", "c", "n");

        var filters = new Filters(Map.of("type", Set.of("container"), "event", Set.of("die")));
        assertThat(past(filters)).hasSize(1);
    }

    @Test
    void refusesAFilterThatDoesNotExist() {
        assertThatThrownBy(() -> events.subscribe(Filters.of("colour", "red"), null, null))
                .isInstanceOf(EngineException.Invalid.class)
                .hasMessage("invalid filter 'colour'");
    }

    private void happens(String action, String id, String name) {
        events.publish("container", action, id, Map.of("name", name));
    }

    private List<String> past(Filters filters) throws InterruptedException {
        return actions(events.subscribe(filters, LONG_AGO, Instant.now()));
    }

    private static List<String> actions(EventStream stream) throws InterruptedException {
        var actions = new ArrayList<String>();
        try (stream) {
            for (Event event = stream.next(); event != null; event = stream.next()) {
                actions.add(event.action());
            }
        }
        return actions;
    }
}
