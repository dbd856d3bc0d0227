package dev.gantry.engine.container;

import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.engine.Filters;
import dev.gantry.engine.state.LifeCycle;
import dev.gantry.engine.view.MountPoint;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// Which containers a list's filters let pass, by Docker's rules.
final class ListFilter {
    private static final Set<String> KNOWN = Set.of(
            "ancestor",
            "before",
            "exited",
            "expose",
            "health",
            "id",
            "is-task",
            "isolation",
            "label",
            "name",
            "network",
            "publish",
            "since",
            "status",
            "volume");
    private static final Set<String> STATES =
            Set.of("created", "restarting", "running", "removing", "paused", "exited", "dead");

    private static final Set<String> HEALTH = Set.of("none", "starting", "healthy", "unhealthy");
    private static final Set<String> TRUTH = Set.of("1", "t", "true", "0", "f", "false");
    private static final Pattern CODE = Pattern.compile("-?[0-9]{1,9}");
    /// `port[-port][/protocol]`
    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}(-[0-9]{1,5})?(/(tcp|udp|sctp))?");

    private final Filters filters;
    private final Registry registry;
    private final Function<String, @Nullable String> images;
    private final Function<Container, List<MountPoint>> mounts;

    /// @param images the ID of the image that a reference means; null where there is none
    ListFilter(
            Filters filters,
            Registry registry,
            Function<String, @Nullable String> images,
            Function<Container, List<MountPoint>> mounts) {
        filters.requireOnly(KNOWN);
        for (String status : filters.get("status")) {
            if (!STATES.contains(status)) {
                throw new Invalid("invalid filter 'status=" + status + "'");
            }
        }
        checkValues(filters);
        this.filters = filters;
        this.registry = registry;
        this.images = images;
        this.mounts = mounts;
    }

    private static void checkValues(Filters filters) {
        for (String health : filters.get("health")) {
            if (!HEALTH.contains(health)) {
                throw new Invalid("unrecognized filter value for health: " + health);
            }
        }
        for (String code : filters.get("exited")) {
            if (!CODE.matcher(code).matches()) {
                throw new Invalid("invalid filter 'exited=" + code + "'");
            }
        }
        for (String value : filters.get("is-task")) {
            if (!TRUTH.contains(value.toLowerCase(Locale.ROOT))) {
                throw new Invalid("invalid filter 'is-task=[" + value + "]'");
            }
        }
        for (String filter : List.of("publish", "expose")) {
            for (String value : filters.get(filter)) {
                if (!PORT.matcher(value).matches()) {
                    throw new Invalid("invalid filter '" + filter + "=" + value + "'");
                }
            }
        }
    }

    /// Whether the filters themselves ask for containers that do not run. (Not so `exited`, in Docker.)
    boolean asksForAll() {
        return filters.has("status");
    }

    boolean passes(Container container) {
        Definition definition = container.definition();
        return any("id", value -> definition.id().startsWith(value) || matches(value, definition.id()))
                && any("name", value -> matches(value, "/" + definition.name()) || matches(value, definition.name()))
                && any("status", value -> value.equals(container.state().status()))
                && any("exited", value -> exitedWith(container.state(), value))
                && any("ancestor", value -> isOf(definition, value))
                && any(
                        "network",
                        value -> Inspection.networks(definition.host()).containsKey(value))
                && any("volume", value -> mounts(container, value))
                && any("expose", value -> exposes(definition, value))
                && any("health", value -> health(container).equals(value))
                && any("is-task", value -> !value.equals("true") && !value.equals("1"))
                && any("isolation", value -> value.equals("default"))
                // no port is published yet
                && any("publish", _ -> false)
                && filters.matchLabels(definition.config().labels())
                && inTime(definition);
    }

    private static String health(Container container) {
        return container.health().current().map(known -> known.status().word()).orElse("none");
    }

    private boolean any(String filter, Function<String, Boolean> test) {
        Set<String> wanted = filters.get(filter);
        return wanted.isEmpty() || wanted.stream().anyMatch(test::apply);
    }

    private static boolean matches(String expression, String text) {
        try {
            return Pattern.compile(expression).matcher(text).find();
        } catch (PatternSyntaxException _) {
            return expression.equals(text);
        }
    }

    private static boolean exitedWith(LifeCycle state, String code) {
        return state instanceof LifeCycle.Exited exited && exited.exitCode() == Integer.parseInt(code);
    }

    private boolean isOf(Definition definition, String reference) {
        return definition.config().image().equals(reference)
                || definition.image().toString().equals(images.apply(reference));
    }

    private boolean mounts(Container container, String volume) {
        return mounts.apply(container).stream()
                .anyMatch(mount -> volume.equals(mount.name())
                        || volume.equals(mount.source())
                        || volume.equals(mount.destination()));
    }

    private static boolean exposes(Definition definition, String port) {
        String wanted = port.contains("/") ? port : port + "/tcp";
        return definition.config().exposedPorts().containsKey(wanted);
    }

    private boolean inTime(Definition definition) {
        return filters.get("before").stream()
                        .allMatch(ref -> definition.created().isBefore(created(ref)))
                && filters.get("since").stream()
                        .allMatch(ref -> definition.created().isAfter(created(ref)));
    }

    private Instant created(String ref) {
        return registry.get(ref).definition().created();
    }
}
