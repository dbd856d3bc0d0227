package dev.gantry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.cli.command.Catalogue;
import dev.gantry.cli.command.Completion;
import dev.gantry.cli.command.Dispatcher;
import dev.gantry.cli.command.Reference;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// With `-Dgantry.update=true` docs/cli.md is written anew; read the difference then.
class CliReferenceTest {
    private static final Catalogue CATALOGUE = Commands.catalogue(Map.of());

    private record Result(int code, String out, String err) {}

    private static Result run(String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Dispatcher dispatcher = new Dispatcher(
                CATALOGUE,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                80);
        int code = dispatcher.run(List.of(words), "Gantry version 1", _ -> {
            throw new IOException("no session in this test");
        });
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void theReferencePageIsCurrent() throws IOException {
        Path page = Path.of("../docs/cli.md");
        String current = Reference.page(CATALOGUE);
        if (Boolean.getBoolean("gantry.update")) {
            Files.writeString(page, current);
        }
        assertThat(page).hasContent(current);
    }

    @Test
    void helpHasDockersLayout() {
        assertThat(run("stop", "--help")).isEqualTo(new Result(0, """
            Usage:  gantry stop [OPTIONS] CONTAINER [CONTAINER...]

            Stop running containers

            Aliases:
              gantry container stop, gantry stop

            Options:
              -s, --signal string   Signal to send, by name or number
              -t, --timeout int     Seconds from the signal to SIGKILL
            """, ""));
        assertThat(run("help", "container", "ls").out()).startsWith("Usage:  gantry container ls [OPTIONS]\n");
        assertThat(run("image").out())
                .contains("\nCommands:\n  history     ")
                .endsWith("\nRun 'gantry image COMMAND --help' for more information on a command.\n");
        assertThat(run().out()).startsWith("Usage:  gantry [OPTIONS] COMMAND\n").contains("\nGlobal Options:\n");
        assertThat(run("--version")).isEqualTo(new Result(0, "Gantry version 1\n", ""));
    }

    @Test
    void wrapsLongDescriptionsLikePflag() {
        assertThat(run("run", "--help")
                        .out()
                        .lines()
                        .skip(8)
                        .mapToInt(String::length)
                        .max()
                        .orElse(0))
                .isLessThanOrEqualTo(80);
    }

    @Test
    void mistakesGetDockersTextsAndCodes() {
        assertThat(run("run", "--x")).isEqualTo(new Result(125, "", """
            unknown flag: --x

            Usage:  gantry run [OPTIONS] IMAGE [COMMAND] [ARG...]

            Run 'gantry run --help' for more information
            """));
        assertThat(run("run")).isEqualTo(new Result(1, "", """
            gantry: 'gantry run' requires at least 1 argument

            Usage:  gantry run [OPTIONS] IMAGE [COMMAND] [ARG...]

            Run 'gantry run --help' for more information
            """));
        assertThat(run("ps", "x").err()).startsWith("gantry: 'gantry ps' accepts no arguments\n");
        assertThat(run("rename", "x").err()).startsWith("gantry: 'gantry rename' requires 2 arguments\n");
        assertThat(run("port", "x", "y", "z").err())
                .startsWith("gantry: 'gantry port' requires at least 1 and at most 2 arguments\n");
        assertThat(run("images", "x", "y").err()).startsWith("gantry: 'gantry images' requires at most 1 argument\n");
        assertThat(run("bogus"))
                .isEqualTo(new Result(
                        1, "", "gantry: unknown command: gantry bogus\n\nRun 'gantry --help' for more information\n"));
        assertThat(run("container", "bogus").err())
                .startsWith("gantry: unknown command: gantry container bogus\n\nUsage:  gantry container\n");
        assertThat(run("help", "bogus")).isEqualTo(new Result(1, "", "unknown help topic: bogus\n"));
    }

    @Test
    void saysInOneSentenceWhatIsNotThereYet() {
        for (List<String> words :
                List.of(List.of("swarm", "x"), List.of("network", "ls"), List.of("image", "trust", "x"))) {
            Result result = run(words.toArray(String[]::new));
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.err()).contains("is not there yet").hasLineCount(1);
        }
    }

    @Test
    void theCompletionScriptKnowsEveryCommand() {
        String script = Completion.bash(CATALOGUE);
        CATALOGUE
                .all()
                .forEach(command -> assertThat(script).contains("            /" + command.name() + ") command="));
    }
}
