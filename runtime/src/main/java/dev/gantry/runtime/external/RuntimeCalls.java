package dev.gantry.runtime.external;

import dev.gantry.oci.runtime.Hooks.Hook;
import dev.gantry.runtime.hook.HookRunner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The command line of another runtime, as runc has it.
public final class RuntimeCalls {
    /// `NOTIFY_SOCKET` of the daemon's own, for instance, would mean something to it.
    private static final List<String> ENVIRONMENT =
            List.of("PATH=" + System.getenv().getOrDefault("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"));

    private static final int SECONDS = 60;
    /// So much of what it prints is quoted.
    private static final int QUOTED = 16 << 10;

    private final RuntimeProgram program;
    private final Path root;
    private final HookRunner runner;

    /// @param root where the runtime keeps the states of its containers
    /// @param runner runs its short commands
    public RuntimeCalls(RuntimeProgram program, Path root, HookRunner runner) {
        this.program = program;
        this.root = root;
        this.runner = runner;
    }

    public RuntimeProgram program() {
        return program;
    }

    /// Where the runtime keeps the states of its containers.
    public Path root() {
        return root;
    }

    /// The whole environment of the program.
    public static List<String> environment() {
        return ENVIRONMENT;
    }

    /// The words that start a container, and stay until it has ended.
    ///
    /// @param keep whether the container stays when it has ended: its cgroups say whether memory ran out
    public List<String> run(Bundle bundle, String id, boolean keep) {
        List<String> words = words(bundle.main());
        words.add("run");
        if (keep) {
            words.add("--keep");
        }
        words.addAll(List.of("--bundle", bundle.directory().toString()));
        words.addAll(List.of("--pid-file", bundle.main().pid().toString(), id));
        return words;
    }

    /// The words that execute a process in a container, and stay until it has ended.
    ///
    /// @param process a file
    public List<String> exec(Bundle.Answers answers, Path process, String id) {
        List<String> words = words(answers);
        words.addAll(List.of("exec", "--process", process.toString()));
        words.addAll(List.of("--pid-file", answers.pid().toString(), id));
        return words;
    }

    private List<String> words(Bundle.Answers answers) {
        List<String> words = words();
        words.addAll(List.of("--log", answers.log().toString(), "--log-format", "json"));
        return words;
    }

    private List<String> words() {
        List<String> words = new ArrayList<>();
        words.add(program.file().toString());
        words.addAll(program.arguments());
        words.addAll(List.of("--root", root.toString()));
        return words;
    }

    /// Whether the runtime can leave a container there when it has ended.
    public boolean keepsContainers() throws IOException {
        return ending(List.of(program.file().toString(), "run", "--help"))
                .printed()
                .contains("--keep");
    }

    /// Runs a command that ends soon.
    ///
    /// @throws IOException with the runtime's own words
    public void call(String... words) throws IOException {
        List<String> all = words();
        all.addAll(List.of("--log", "/dev/null")); // what is wrong is printed as well
        all.addAll(List.of(words));
        HookRunner.Ending ending = ending(all);
        if (ending.code() != 0) {
            throw new IOException(program.name() + " " + words[0] + ": "
                    + (ending.printed().isEmpty() ? "exit status " + ending.code() : ending.printed()));
        }
    }

    private HookRunner.Ending ending(List<String> words) throws IOException {
        Hook command = new Hook(words.getFirst(), words, ENVIRONMENT, SECONDS);
        HookRunner.Ending ending = runner.execute(program.name(), command, new byte[0], QUOTED);
        if (!ending.problem().isEmpty()) {
            throw new IOException(String.join(" ", words) + ": " + ending.problem());
        }
        return ending;
    }
}
