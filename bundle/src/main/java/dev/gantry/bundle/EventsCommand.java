package dev.gantry.bundle;

import dev.gantry.oci.Json;
import dev.gantry.runtime.OciRuntime;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// events: one JSON object a line, until the container has stopped.
final class EventsCommand {
    static final Command EVENTS =
            new Command(new Flags.Known(Set.of("stats"), Set.of("interval"), Map.of()), EventsCommand::events);

    private static final String DEFAULT_INTERVAL = "5s";
    private static final Duration ATTENTION = Duration.ofMillis(100);
    private static final Pattern PART = Pattern.compile("([0-9]+\\.?[0-9]*|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)");

    private static final BigDecimal LONGEST = BigDecimal.valueOf(Long.MAX_VALUE);

    private EventsCommand() {}

    private static int events(Context context, Flags flags) throws IOException, CommandException {
        String id = flags.id();
        Duration interval = duration(flags.last("interval").orElse(DEFAULT_INTERVAL));
        BundleRecord _ = context.kept(id);
        return context.runtime(runtime -> {
            if (hasStopped(runtime, id)) {
                throw new CommandException("container with id " + id + " is not running");
            }
            if (flags.isSet("stats")) {
                tell(context, "stats", id, Statistics.of(runtime.usage(id)));
            } else {
                follow(context, runtime, id, interval);
            }
            return 0;
        });
    }

    private static boolean hasStopped(OciRuntime runtime, String id) throws IOException {
        return runtime.state(id)
                .filter(state -> state.phase() != OciRuntime.Phase.STOPPED)
                .isEmpty();
    }

    static void follow(Context context, OciRuntime runtime, String id, Duration interval) throws IOException {
        long kills = runtime.outOfMemoryKills(id);
        long next = System.nanoTime() + interval.toNanos();
        while (pause()) {
            // first, lest the kill that ends the container falls between the two
            boolean stopped = hasStopped(runtime, id);
            long now = runtime.outOfMemoryKills(id);
            for (; kills < now; kills++) {
                tell(context, "oom", id, null);
            }
            if (stopped) {
                return;
            }
            if (System.nanoTime() - next >= 0) {
                tell(context, "stats", id, Statistics.of(runtime.usage(id)));
                next += interval.toNanos();
            }
        }
    }

    private static boolean pause() {
        try {
            Thread.sleep(ATTENTION);
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// An event, as `type`, `id` and `data` in runc's order.
    private record Event(String type, String id, @Nullable Statistics data) {}

    private static void tell(Context context, String type, String id, @Nullable Statistics data) {
        context.out().println(Json.writeText(new Event(type, id, data)));
        context.out().flush();
    }

    /// A duration as Go's `time.ParseDuration` reads it: `1m30s`, `1.5s`, `500us`.
    static Duration duration(String text) throws CommandException {
        BigDecimal sum = BigDecimal.ZERO;
        Matcher part = PART.matcher(text);
        int end = 0;
        while (part.find() && part.start() == end) {
            sum = sum.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(nanoseconds(part.group(2)))));
            end = part.end();
        }
        if (end != text.length() || text.isEmpty() || sum.compareTo(LONGEST) > 0) {
            throw new CommandException("invalid value \"" + text + "\" for flag -interval");
        }
        long whole = sum.longValue();
        if (whole == 0) {
            throw new CommandException("duration interval must be greater than 0");
        }
        return Duration.ofNanos(whole);
    }

    private static long nanoseconds(String unit) {
        return switch (unit) {
            case "ns" -> 1;
            case "us", "µs", "μs" -> 1_000;
            case "ms" -> 1_000_000;
            case "s" -> 1_000_000_000;
            case "m" -> 60_000_000_000L;
            default -> 3_600_000_000_000L;
        };
    }
}
