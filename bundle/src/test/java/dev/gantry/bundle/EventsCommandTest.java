package dev.gantry.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.runtime.OciRuntime;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EventsCommandTest {
    @Test
    void takesIntervalsAsGoWritesThem() throws Exception {
        assertThat(EventsCommand.duration("5s")).isEqualTo(Duration.ofSeconds(5));
        assertThat(EventsCommand.duration("500ms")).isEqualTo(Duration.ofMillis(500));
        assertThat(EventsCommand.duration("1h1m30s")).isEqualTo(Duration.ofSeconds(3690));
        assertThat(EventsCommand.duration("1.5s")).isEqualTo(Duration.ofMillis(1500));
        assertThat(EventsCommand.duration(".5m1.s")).isEqualTo(Duration.ofSeconds(31));
        assertThat(EventsCommand.duration("1us2µs3μs4ns")).isEqualTo(Duration.ofNanos(6004));
    }

    @Test
    void refusesWhatIsNoInterval() {
        for (String text : List.of("", "5", "s", "5 s", "5s x", "-5s", ".s", "1.2.3s", "1d", "3000000h")) {
            assertThatThrownBy(() -> EventsCommand.duration(text)).as(text).hasMessageContaining("invalid value");
        }
        for (String text : List.of("0s", "0.9ns")) {
            assertThatThrownBy(() -> EventsCommand.duration(text)).as(text).hasMessageContaining("greater than 0");
        }
    }

    /// A container whose main process the kernel kills just when its state is asked for.
    private static OciRuntime killedWhenAsked() {
        AtomicLong kills = new AtomicLong();
        return (OciRuntime) Proxy.newProxyInstance(
                EventsCommandTest.class.getClassLoader(),
                new Class<?>[] {OciRuntime.class},
                (_, method, _) -> switch (method.getName()) {
                    case "outOfMemoryKills" -> kills.get();
                    case "state" -> {
                        kills.set(1);
                        yield Optional.of(new OciRuntime.State(OciRuntime.Phase.STOPPED, 1));
                    }
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    @Test
    void tellsOfTheKillThatEndsTheContainer() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Context context = new Context(
                Path.of("/nonexistent"),
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new Log(null, false, true, System.err));

        EventsCommand.follow(context, killedWhenAsked(), "x", Duration.ofHours(1));

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("{\"type\":\"oom\",\"id\":\"x\"}\n");
    }
}
