package dev.gantry.cli.container;

import dev.gantry.cli.command.CommandException;
import dev.gantry.cli.command.Session;
import dev.gantry.cli.configuration.ConfigurationFile;
import dev.gantry.cli.create.CreateRequest;
import dev.gantry.cli.engine.ApiException;
import dev.gantry.cli.engine.Engine;
import dev.gantry.cli.engine.Exchange;
import dev.gantry.cli.engine.Query;
import dev.gantry.cli.engine.UnreachableException;
import dev.gantry.cli.option.Arguments;
import dev.gantry.cli.stream.AttachedStreams;
import dev.gantry.cli.stream.DetachKeys;
import dev.gantry.cli.stream.Screen;
import dev.gantry.cli.stream.Signals;
import dev.gantry.cli.stream.Tty;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// `run`: create, attach, wait (registered before the start, so that no exit is missed), start.
final class RunCommand {
    private static final int CLIENT_FAILURE = 125;

    private final Session session;
    private final Arguments flags;
    private final Engine engine;

    private RunCommand(Session session, Arguments flags) {
        this.session = session;
        this.flags = flags;
        this.engine = session.engine();
    }

    static int run(Session session, Arguments flags) throws IOException {
        return new RunCommand(session, flags).run();
    }

    private int run() throws IOException {
        boolean detached = flags.isSet("detach");
        CreateRequest request = CreateCommand.request(session, flags, "run", detached);
        if (detached && flags.has("attach")) {
            throw new CommandException("conflicting options: cannot specify both --attach and --detach");
        }
        if (request.attachStdin() && request.tty() && !Tty.isTerminal(0)) {
            throw new CommandException("the input device is not a TTY");
        }
        DetachKeys keys = ConfigurationFile.detachKeys(session, flags);
        String id;
        try {
            id = CreateCommand.create(session, flags, request);
        } catch (UnreachableException e) {
            throw new CommandException(CLIENT_FAILURE, hinted(e));
        } catch (IOException e) {
            throw failed(e);
        }
        boolean attach = request.attachStdin() || request.attachStdout() || request.attachStderr();
        if (!attach) {
            session.out().println(id);
            session.out().flush();
            start(id);
            return 0;
        }
        if (flags.isSet("sig-proxy")) {
            Signals.passOn(engine, id);
        }
        return attached(id, request, keys);
    }

    private int attached(String id, CreateRequest request, DetachKeys keys) throws IOException {
        Query query = new Query()
                .with("stream", "1")
                .withFlag("stdin", request.attachStdin())
                .withFlag("stdout", request.attachStdout())
                .withFlag("stderr", request.attachStderr())
                .withText("detachKeys", flags.text("detach-keys"));
        try (Exchange exchange = engine.hijack(Paths.of(id, "attach"), query, null)) {
            AttachedStreams streams = AttachedStreams.start(exchange, ties(request, keys));
            Exchange waiting = engine.streamPost(
                    Paths.of(id, "wait"),
                    new Query().with("condition", flags.isSet("rm") ? "removed" : "next-exit"),
                    null);
            try {
                start(id);
            } catch (IOException e) {
                streams.end();
                AttachedStreams.Ending _ = streams.await();
                if (flags.isSet("rm")) {
                    int _ = Exit.code(waiting, session.err());
                }
                throw e;
            }
            if (request.tty() && Tty.isTerminal(1)) {
                Screen.follow(engine, Paths.of(id));
            }
            return finish(streams, waiting, request.attachStdout() || request.attachStderr());
        }
    }

    private AttachedStreams.Ties ties(CreateRequest request, DetachKeys keys) {
        return new AttachedStreams.Ties(
                request.attachStdin() ? session.input() : null,
                request.attachStdout() ? session.output() : null,
                request.attachStderr() ? session.err() : null,
                request.tty(),
                request.tty() ? keys : null);
    }

    private int finish(AttachedStreams streams, Exchange waiting, boolean hasOutput) throws IOException {
        if (!hasOutput) {
            // nothing comes back that would tell of the end: the exit itself does
            Thread.ofPlatform().daemon().name("wait").start(() -> {
                int code = Exit.code(waiting, session.err());
                Tty.restore();
                session.out().flush();
                Runtime.getRuntime().halt(code);
            });
        }
        return switch (streams.await()) {
            case DETACHED -> 0;
            case ENDED -> hasOutput ? Exit.code(waiting, session.err()) : sleepUntilHalted();
        };
    }

    /// The thread that waits for the exit ends the program.
    private static int sleepUntilHalted() throws IOException {
        try {
            Thread.currentThread().join();
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the container", e);
        }
    }

    private void start(String id) throws IOException {
        try {
            engine.post(Paths.of(id, "start"), new Query(), null);
        } catch (ApiException e) {
            throw failed(e);
        }
    }

    /// Docker's clients tell the exit codes 126 and 127 from the daemon's text.
    private static CommandException failed(IOException cause) {
        String message = String.valueOf(cause.getMessage());
        int code = CLIENT_FAILURE;
        if (message.contains("executable file not found") || message.contains("no such file or directory")) {
            code = 127;
        } else if (message.contains("permission denied") || message.contains("is a directory")) {
            code = 126;
        }
        return new CommandException(code, hinted(cause));
    }

    private static String hinted(@Nullable IOException cause) {
        return "gantry: " + (cause == null ? "" : cause.getMessage()) + CreateCommand.hint("run");
    }
}
