package dev.gantry.bundle;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gantry.oci.Json;
import dev.gantry.oci.runtime.Spec;
import dev.gantry.runtime.OciRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// state and list.
final class StateCommands {
    private static final Flags.Known NONE = new Flags.Known(Set.of(), Set.of(), Map.of());

    static final Command STATE = new Command(NONE, StateCommands::state);

    static final Command LIST = new Command(
            new Flags.Known(Set.of("quiet"), Set.of("format"), Map.of("q", "quiet", "f", "format")),
            StateCommands::list);

    private static final int PADDING = 3;
    private static final int NARROWEST = 12;

    private StateCommands() {}

    /// What runc says of a container: the specification's state, and more.
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    private record State(
            String ociVersion,
            String id,
            int pid,
            String status,
            String bundle,
            String rootfs,
            Instant created,
            Map<String, String> annotations,
            @JsonInclude(JsonInclude.Include.ALWAYS) String owner) {
        State ownedBy(String other) {
            return new State(ociVersion, id, pid, status, bundle, rootfs, created, annotations, other);
        }
    }

    static String word(OciRuntime.Phase phase) {
        return phase.name().toLowerCase(Locale.ROOT);
    }

    private static Optional<State> of(Context context, OciRuntime runtime, String id)
            throws IOException, CommandException {
        Optional<BundleRecord> kept = BundleRecord.read(context.state(id));
        Optional<OciRuntime.State> state = runtime.state(id);
        if (kept.isEmpty() || state.isEmpty()) {
            return Optional.empty();
        }
        Bundle bundle = new Bundle(Path.of(kept.get().bundle()), kept.get().spec());
        OciRuntime.Phase phase = state.get().phase();
        return Optional.of(new State(
                Spec.VERSION,
                id,
                phase == OciRuntime.Phase.STOPPED ? 0 : state.get().pid(),
                word(phase),
                kept.get().bundle(),
                bundle.root().toString(),
                kept.get().created(),
                kept.get().spec().annotations(),
                ""));
    }

    private static int state(Context context, Flags flags) throws IOException, CommandException {
        String id = flags.id();
        BundleRecord _ = context.kept(id);
        State state = context.runtime(runtime -> of(context, runtime, id))
                .orElseThrow(() -> new CommandException("container does not exist"));
        context.out().println(pretty(state));
        return 0;
    }

    static String pretty(Object value) {
        return Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(value);
    }

    private static int list(Context context, Flags flags) throws IOException, CommandException {
        List<State> states = new ArrayList<>();
        if (Files.isDirectory(context.root())) {
            context.runtime(runtime -> {
                for (String id : runtime.list()) {
                    Optional<State> state = of(context, runtime, id);
                    if (state.isPresent()) {
                        String owner = Files.getOwner(context.state(id)).getName();
                        states.add(state.get().ownedBy(owner));
                    }
                }
                return 0;
            });
        }
        if (flags.isSet("quiet")) {
            states.forEach(state -> context.out().println(state.id()));
            return 0;
        }
        switch (flags.last("format").orElse("table")) {
            case "json" -> context.out().println(states.isEmpty() ? "null" : Json.writeText(states));
            case "table" -> table(states).forEach(context.out()::println);
            default -> throw new CommandException("invalid format option");
        }
        return 0;
    }

    /// Columns as wide as they have to be, and not narrower than runc's.
    private static List<String> table(List<State> states) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"));
        for (State each : states) {
            rows.add(List.of(
                    each.id(),
                    Integer.toString(each.pid()),
                    each.status(),
                    each.bundle(),
                    each.created().toString(),
                    each.owner()));
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size() - 1; i++) {
                int column = i;
                int width = rows.stream()
                        .mapToInt(each -> each.get(column).length() + PADDING)
                        .max()
                        .orElse(0);
                line.append(row.get(i))
                        .repeat(' ', Math.max(width, NARROWEST) - row.get(i).length());
            }
            lines.add(line.append(row.getLast()).toString());
        }
        return lines;
    }
}
