package dev.gantry.bundle;

import dev.gantry.oci.Json;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.runtime.Capabilities;
import dev.gantry.oci.runtime.Process;
import dev.gantry.oci.runtime.Spec;
import dev.gantry.oci.runtime.User;
import dev.gantry.runtime.OciRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// exec.
final class ExecCommand {
    /// The exit code when nothing could be executed: that of what is executed may be any other.
    private static final int FAILURE = 255;

    static final Command EXEC = new Command(
            new Flags.Known(
                            Set.of("detach", "tty", "no-new-privs", "ignore-paused"),
                            Set.of(
                                    "process",
                                    "console-socket",
                                    "pid-file",
                                    "cwd",
                                    "env",
                                    "user",
                                    "additional-gids",
                                    "cap",
                                    "preserve-fds",
                                    "apparmor",
                                    "process-label",
                                    "cgroup",
                                    "pidfd-socket"),
                            Map.ofEntries(
                                    Map.entry("p", "process"),
                                    Map.entry("d", "detach"),
                                    Map.entry("t", "tty"),
                                    Map.entry("e", "env"),
                                    Map.entry("u", "user"),
                                    Map.entry("g", "additional-gids"),
                                    Map.entry("c", "cap")))
                    .beforeOperands(),
            ExecCommand::exec,
            FAILURE);

    private ExecCommand() {}

    private static int exec(Context context, Flags flags) throws IOException, CommandException {
        CreateCommands.refuse(flags, "cgroup", "process-label");
        if (flags.operands().isEmpty()) {
            throw new CommandException("want a container's ID");
        }
        String id = flags.operands().getFirst();
        BundleRecord kept = context.kept(id);
        requireAlive(context, id, flags.isSet("ignore-paused"));
        PreservedDescriptors preserved = PreservedDescriptors.of(flags);
        Process process = preserved.announcedTo(process(flags, kept.spec()));
        Foreground.Made made = streams -> {
            try (PidfdSocket socket = PidfdSocket.of(flags)) {
                int pid = context.runtime(runtime -> runtime.execute(id, process, streams, preserved.count()));
                socket.send(pid, "setns");
                CreateCommands.writePid(flags.last("pid-file"), pid);
                return pid;
            }
        };
        if (!flags.isSet("detach")) {
            CreateCommands.refuseConsoleSocket(flags);
            return Foreground.await(process.terminal(), made);
        }
        int _ = made.pid(CreateCommands.detached(process.terminal(), flags));
        return 0;
    }

    private static void requireAlive(Context context, String id, boolean alsoPaused)
            throws IOException, CommandException {
        OciRuntime.Phase phase = context.runtime(runtime -> runtime.state(id))
                .orElseThrow(() -> new CommandException("container does not exist"))
                .phase();
        if (phase == OciRuntime.Phase.STOPPED) {
            throw new CommandException("cannot exec in a stopped container");
        }
        if (phase == OciRuntime.Phase.PAUSED && !alsoPaused) {
            throw new CommandException("cannot exec in a paused container (use --ignore-paused to override)");
        }
    }

    private static Process process(Flags flags, Spec spec) throws IOException, CommandException {
        if (flags.last("process").isPresent()) {
            return read(Path.of(flags.last("process").get()));
        }
        List<String> words = flags.operands().subList(1, flags.operands().size());
        Process main = spec.process();
        if (words.isEmpty() || main == null) {
            throw new CommandException("process args cannot be empty");
        }
        List<String> environment = new ArrayList<>(main.env());
        environment.addAll(flags.all("env"));
        return new Process(
                flags.isSet("tty"),
                null,
                user(flags, main),
                words,
                environment,
                flags.last("cwd").orElse(main.cwd()),
                with(flags.all("cap"), main.capabilities()),
                main.rlimits(),
                flags.isSet("no-new-privs") || main.noNewPrivileges(),
                flags.last("apparmor").orElse(main.apparmorProfile()),
                main.oomScoreAdj(),
                main.scheduler(),
                main.selinuxLabel(),
                main.ioPriority(),
                main.execCpuAffinity());
    }

    private static Process read(Path file) throws IOException, CommandException {
        Process process;
        try {
            byte[] document = Files.readAllBytes(file);
            process = Json.read(document, Process.class);
            ZeroBytes.refuse(document, "process");
        } catch (NoSuchFileException _) {
            throw new CommandException("open " + file + ": no such file or directory");
        } catch (MalformedException e) {
            throw new CommandException(file + ": " + e.getMessage());
        }
        if (process.args().isEmpty()) {
            throw new CommandException("process args cannot be empty");
        }
        if (process.cwd() == null || !process.cwd().startsWith("/")) {
            throw new CommandException("Cwd must be an absolute path");
        }
        return process;
    }

    /// Inheritable and ambient ones stay as they are (CVE-2022-24769).
    private static @Nullable Capabilities with(List<String> added, @Nullable Capabilities main) {
        if (added.isEmpty()) {
            return main;
        }
        Capabilities before = main == null ? Capabilities.of(List.of()) : main;
        return new Capabilities(
                joined(before.bounding(), added),
                joined(before.effective(), added),
                before.inheritable(),
                joined(before.permitted(), added),
                before.ambient());
    }

    private static List<String> joined(List<String> first, List<String> second) {
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    /// The main process's user with the ID that is given, and its groups with those that are.
    static User user(Flags flags, Process main) throws CommandException {
        User user = main.user() == null ? User.ROOT : main.user();
        List<Long> groups = new ArrayList<>(user.additionalGids());
        for (String group : flags.all("additional-gids")) {
            groups.add(number("additional-gids", group));
        }
        Optional<String> given = flags.last("user");
        String[] ids = given.orElse("").split(":", 2);
        long uid = given.isPresent() ? number("user", ids[0]) : user.uid();
        long gid = ids.length > 1 ? number("user", ids[1]) : user.gid();
        return new User(uid, gid, user.umask(), groups, user.username());
    }

    private static long number(String flag, String text) throws CommandException {
        long id;
        try {
            id = Long.parseLong(text);
        } catch (NumberFormatException _) {
            id = -1;
        }
        if (!User.isId(id)) {
            throw new CommandException("invalid value for %s: got \"%s\", want a number of at most %d"
                    .formatted(flag, text, User.LAST_ID));
        }
        return id;
    }
}
