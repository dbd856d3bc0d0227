package dev.gantry.cli.container;

import dev.gantry.cli.command.CommandException;
import dev.gantry.cli.command.Session;
import dev.gantry.cli.configuration.ConfigurationFile;
import dev.gantry.cli.engine.ApiException;
import dev.gantry.cli.engine.Engine;
import dev.gantry.cli.engine.Exchange;
import dev.gantry.cli.engine.Query;
import dev.gantry.cli.json.JsonValue;
import dev.gantry.cli.option.Arguments;
import dev.gantry.cli.stream.AttachedStreams;
import dev.gantry.cli.stream.DetachKeys;
import dev.gantry.cli.stream.Screen;
import dev.gantry.cli.stream.Signals;
import dev.gantry.cli.stream.Tty;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// `attach` and `start`, which tie the caller's streams to a container that exists.
final class AttachCommands {
    private AttachCommands() {}

    static int attach(Session session, Arguments flags) throws IOException {
        Engine engine = session.engine();
        DetachKeys keys = ConfigurationFile.detachKeys(session, flags);
        String name = flags.operand(0);
        JsonValue container = engine.get(Paths.of(name, "json"), new Query());
        requireRunning(container.get("State"));
        String id = container.text("Id");
        JsonValue config = container.get("Config");
        boolean terminal = config.isTrue("Tty");
        boolean input = !flags.isSet("no-stdin");
        if (input && terminal && !Tty.isTerminal(0)) {
            throw new CommandException("the input device is not a TTY");
        }
        Exchange waiting = engine.streamPost(Paths.of(id, "wait"), new Query(), null);
        if (flags.isSet("sig-proxy") && !terminal) {
            Signals.passOn(engine, id);
        }
        boolean tied = input && config.isTrue("OpenStdin");
        try (Exchange exchange = engine.hijack(Paths.of(id, "attach"), query(flags, tied), null)) {
            requireRunning(engine.get(Paths.of(id, "json"), new Query()).get("State"));
            if (terminal && Tty.isTerminal(1)) {
                redraw(engine, id);
            }
            AttachedStreams streams = AttachedStreams.start(exchange, ties(session, tied, terminal, keys));
            return end(session, streams, waiting);
        }
    }

    private static Query query(Arguments flags, boolean input) {
        return new Query()
                .with("stream", "1")
                .withFlag("stdin", input)
                .with("stdout", "1")
                .with("stderr", "1")
                .withText("detachKeys", flags.text("detach-keys"));
    }

    private static AttachedStreams.Ties ties(Session session, boolean input, boolean terminal, DetachKeys keys) {
        return new AttachedStreams.Ties(
                input ? session.input() : null, session.output(), session.err(), terminal, terminal ? keys : null);
    }

    private static int end(Session session, AttachedStreams streams, Exchange waiting) throws IOException {
        return switch (streams.await()) {
            case DETACHED -> {
                session.err().println("read escape sequence");
                yield 1;
            }
            case ENDED -> Exit.code(waiting, session.err());
        };
    }

    private static void requireRunning(JsonValue state) throws CommandException {
        if (!state.isTrue("Running")) {
            throw new CommandException("cannot attach to a stopped container, start it first");
        }
        if (state.isTrue("Paused")) {
            throw new CommandException("cannot attach to a paused container, unpause it first");
        }
        if (state.isTrue("Restarting")) {
            throw new CommandException("cannot attach to a restarting container, wait until it is running");
        }
    }

    /// A program draws its screen anew when the size changes, so the size changes twice.
    private static void redraw(Engine engine, String id) {
        Tty.Size size = Tty.size();
        if (!size.equals(Tty.Size.NONE)) {
            Screen.resize(engine, Paths.of(id), new Tty.Size(size.rows() + 1, size.columns() + 1));
        }
        Screen.follow(engine, Paths.of(id));
    }

    static int start(Session session, Arguments flags) throws IOException {
        DetachKeys keys = ConfigurationFile.detachKeys(session, flags);
        boolean interactive = flags.isSet("interactive");
        if (!flags.isSet("attach") && !interactive) {
            return startAll(session, flags.operands());
        }
        if (flags.operands().size() > 1) {
            throw new CommandException("you cannot start and attach multiple containers at once");
        }
        Engine engine = session.engine();
        JsonValue container = engine.get(Paths.of(flags.operand(0), "json"), new Query());
        String id = container.text("Id");
        boolean terminal = container.get("Config").isTrue("Tty");
        boolean input = interactive && container.get("Config").isTrue("OpenStdin");
        if (!terminal) {
            Signals.passOn(engine, id);
        }
        try (Exchange exchange = engine.hijack(Paths.of(id, "attach"), query(flags, input), null)) {
            AttachedStreams streams = AttachedStreams.start(exchange, ties(session, input, terminal, keys));
            boolean removed = container.get("HostConfig").isTrue("AutoRemove");
            Exchange waiting = engine.streamPost(
                    Paths.of(id, "wait"), new Query().with("condition", removed ? "removed" : "next-exit"), null);
            try {
                engine.post(Paths.of(id, "start"), new Query(), null);
            } catch (IOException e) {
                streams.end();
                AttachedStreams.Ending _ = streams.await();
                throw e;
            }
            if (terminal && Tty.isTerminal(1)) {
                Screen.follow(engine, Paths.of(id));
            }
            return streams.await() == AttachedStreams.Ending.DETACHED ? 0 : Exit.code(waiting, session.err());
        }
    }

    private static int startAll(Session session, List<String> names) throws IOException {
        List<String> failed = new ArrayList<>();
        for (String name : names) {
            try {
                session.engine().post(Paths.of(name, "start"), new Query(), null);
                session.out().println(name);
            } catch (ApiException e) {
                session.err().println(e.getMessage());
                failed.add(name);
            }
        }
        if (!failed.isEmpty()) {
            throw new CommandException("Error: failed to start containers: " + String.join(", ", failed));
        }
        return 0;
    }
}
