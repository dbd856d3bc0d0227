package dev.gantry.cli.container;

import dev.gantry.cli.command.CommandException;
import dev.gantry.cli.command.Session;
import dev.gantry.cli.engine.ApiException;
import dev.gantry.cli.engine.Engine;
import dev.gantry.cli.engine.Query;
import dev.gantry.cli.option.Arguments;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Commands that do one thing to each of several containers: at the same time, reported in the order of the operands.
final class ManyCommands {
    private static final int AT_ONCE = 50;

    private ManyCommands() {}

    /// What is done to one container. The result is the line that is printed.
    @FunctionalInterface
    interface Step {
        String apply(Engine engine, String container) throws IOException;
    }

    static int stop(Session session, Arguments flags) throws IOException {
        return each(session, flags, post("stop", stopQuery(flags)));
    }

    static int restart(Session session, Arguments flags) throws IOException {
        return each(session, flags, post("restart", stopQuery(flags)));
    }

    private static Query stopQuery(Arguments flags) {
        Query query = new Query().withText("signal", flags.text("signal"));
        for (String flag : List.of("timeout", "time")) {
            if (flags.has(flag)) {
                query.with("t", Long.toString(flags.number(flag)));
            }
        }
        return query;
    }

    static int kill(Session session, Arguments flags) throws IOException {
        return each(session, flags, post("kill", new Query().withText("signal", flags.text("signal"))));
    }

    static int pause(Session session, Arguments flags) throws IOException {
        return each(session, flags, post("pause", new Query()));
    }

    static int unpause(Session session, Arguments flags) throws IOException {
        return each(session, flags, post("unpause", new Query()));
    }

    private static Step post(String action, Query query) {
        return (engine, container) -> {
            engine.post(Paths.of(container, action), query, null);
            return container;
        };
    }

    static int wait(Session session, Arguments flags) throws IOException {
        return each(
                session,
                flags,
                (engine, container) -> engine.post(Paths.of(container, "wait"), new Query(), null)
                        .text("StatusCode"));
    }

    static int remove(Session session, Arguments flags) throws IOException {
        Query query = new Query()
                .withFlag("v", flags.isSet("volumes"))
                .withFlag("link", flags.isSet("link"))
                .withFlag("force", flags.isSet("force"));
        boolean forced = flags.isSet("force");
        return each(session, flags, (engine, container) -> {
            String name = container.replaceAll("^/+|/+$", "");
            if (name.isEmpty()) {
                throw new CommandException("Container name cannot be empty");
            }
            try {
                engine.delete(Paths.of(name), query);
                return container;
            } catch (ApiException e) {
                if (!forced || !e.isNotFound()) {
                    throw e;
                }
                // forced removal of what is not there is said, but is no failure
                session.err().println(e.getMessage());
                return "";
            }
        });
    }

    static int each(Session session, Arguments flags, Step step) throws IOException {
        return each(session, flags.operands(), step);
    }

    /// Does it to all, prints the lines of those that worked and ends with the messages of those that did not.
    static int each(Session session, List<String> names, Step step) throws IOException {
        if (names.size() == 1) {
            print(session, step.apply(session.engine(), names.getFirst()));
            return 0;
        }
        session.engine().version();
        List<String> problems = new ArrayList<>();
        try (ExecutorService workers = Executors.newFixedThreadPool(Math.min(AT_ONCE, names.size()))) {
            List<Future<String>> results = new ArrayList<>();
            names.forEach(name -> results.add(workers.submit(() -> step.apply(session.engine(), name))));
            for (Future<String> result : results) {
                try {
                    print(session, result.get());
                } catch (ExecutionException e) {
                    problems.add(String.valueOf(
                            e.getCause() == null ? e.getMessage() : e.getCause().getMessage()));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        if (!problems.isEmpty()) {
            throw new CommandException(String.join("\n", problems));
        }
        return 0;
    }

    private static void print(Session session, String line) {
        if (!line.isEmpty()) {
            session.out().println(line);
        }
        session.out().flush();
    }
}
