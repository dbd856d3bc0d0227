package dev.gantry.bundle;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.Signal;
import dev.gantry.oci.Json;
import dev.gantry.runtime.OciRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// kill, ps, pause, resume and delete.
final class ProcessCommands {
    private static final Flags.Known NONE = new Flags.Known(Set.of(), Set.of(), Map.of());

    static final Command KILL =
            new Command(new Flags.Known(Set.of("all"), Set.of(), Map.of("a", "all")), ProcessCommands::kill);

    static final Command PS = new Command(
            new Flags.Known(Set.of(), Set.of("format"), Map.of("f", "format")).beforeOperands(), ProcessCommands::ps);

    static final Command PAUSE = new Command(NONE, (context, flags) -> {
        Set<OciRuntime.Phase> alive = Set.of(OciRuntime.Phase.RUNNING, OciRuntime.Phase.CREATED);
        requirePhase(context, flags.id(), alive, "container not running");
        return context.runtime(runtime -> {
            runtime.pause(flags.id());
            return 0;
        });
    });

    static final Command RESUME = new Command(NONE, (context, flags) -> {
        requirePhase(context, flags.id(), Set.of(OciRuntime.Phase.PAUSED), "container not paused");
        return context.runtime(runtime -> {
            runtime.resume(flags.id());
            return 0;
        });
    });

    static final Command DELETE =
            new Command(new Flags.Known(Set.of("force"), Set.of(), Map.of("f", "force")), ProcessCommands::delete);

    /// The signal that is none: it asks whether there is somebody.
    private static final String NOTHING = "0";

    private ProcessCommands() {}

    private static void requirePhase(Context context, String id, Set<OciRuntime.Phase> wanted, String otherwise)
            throws IOException, CommandException {
        BundleRecord _ = context.kept(id);
        if (context.runtime(runtime -> runtime.state(id))
                .filter(state -> wanted.contains(state.phase()))
                .isEmpty()) {
            throw new CommandException(otherwise);
        }
    }

    private static int kill(Context context, Flags flags) throws IOException, CommandException {
        if (flags.operands().isEmpty() || flags.operands().size() > 2) {
            throw new CommandException("want a container's ID, and perhaps a signal");
        }
        String id = flags.operands().getFirst();
        String name = flags.operands().size() == 2 ? flags.operands().get(1) : "TERM";
        Optional<Signal> signal = Signal.parse(name);
        if (signal.isEmpty() && !name.equals(NOTHING)) {
            throw new CommandException("unknown signal \"" + name + "\"");
        }
        BundleRecord _ = context.kept(id);
        return context.runtime(runtime -> {
            boolean ended = runtime.state(id)
                    .filter(state -> state.phase() != OciRuntime.Phase.STOPPED)
                    .isEmpty();
            if (ended && !flags.isSet("all")) {
                throw new CommandException("container not running");
            }
            if (signal.isPresent() && flags.isSet("all")) {
                runtime.killAll(id, signal.get());
            } else if (signal.isPresent()) {
                signal(runtime, id, signal.get());
            }
            return 0;
        });
    }

    private static void signal(OciRuntime runtime, String id, Signal signal) throws IOException, CommandException {
        try {
            runtime.kill(id, signal);
        } catch (KernelException e) {
            if (e.errno().equals(Errno.ESRCH)) {
                throw new CommandException("container not running");
            }
            throw e;
        }
    }

    private static int ps(Context context, Flags flags) throws IOException, CommandException {
        if (flags.operands().isEmpty()) {
            throw new CommandException("want a container's ID");
        }
        String id = flags.operands().getFirst();
        BundleRecord _ = context.kept(id);
        List<Integer> pids = context.runtime(runtime -> runtime.processes(id));
        switch (flags.last("format").orElse("table")) {
            case "json" -> context.out().println(pids.isEmpty() ? "null" : Json.writeText(pids));
            case "table" -> {
                List<String> options =
                        flags.operands().subList(1, flags.operands().size());
                ProcessList.print(context.out(), options, pids);
            }
            default -> throw new CommandException("invalid format option");
        }
        return 0;
    }

    private static int delete(Context context, Flags flags) throws IOException, CommandException {
        String id = Context.checked(flags.id());
        boolean force = flags.isSet("force");
        if (force && !Files.exists(context.state(id))) {
            return 0;
        }
        if (!force) {
            BundleRecord _ = context.kept(id);
        }
        return context.runtime(runtime -> {
            Optional<OciRuntime.Phase> phase = runtime.state(id).map(OciRuntime.State::phase);
            boolean goes = force
                    || phase.isEmpty()
                    || phase.get() == OciRuntime.Phase.STOPPED
                    || phase.get() == OciRuntime.Phase.CREATED;
            if (!goes) {
                throw new CommandException(
                        "cannot delete container " + id + " that is not stopped: " + StateCommands.word(phase.get()));
            }
            runtime.delete(id);
            return 0;
        });
    }
}
