package dev.gantry.bundle;

import dev.gantry.kernel.SafeDirectory;
import dev.gantry.oci.runtime.Process;
import dev.gantry.oci.runtime.Spec;
import dev.gantry.runtime.ContainerLaunch;
import dev.gantry.runtime.OciRuntime;
import dev.gantry.runtime.RootFileSystem;
import dev.gantry.runtime.explain.Origins;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// create, start and run.
final class CreateCommands {
    private static final Set<String> SWITCHES = Set.of("no-pivot", "no-new-keyring");
    private static final String CONSOLE_SOCKET = "console-socket";
    private static final Set<String> VALUED =
            Set.of("bundle", CONSOLE_SOCKET, "pid-file", "preserve-fds", "pidfd-socket");
    private static final Map<String, String> LETTERS = Map.of("b", "bundle");

    static final Command CREATE = new Command(new Flags.Known(SWITCHES, VALUED, LETTERS), CreateCommands::create);

    static final Command START =
            new Command(new Flags.Known(Set.of(), Set.of(), Map.of()), (context, flags) -> start(context, flags.id()));

    static final Command RUN = new Command(
            new Flags.Known(
                    Set.of("no-pivot", "no-new-keyring", "detach", "keep"),
                    VALUED,
                    Map.of("b", "bundle", "d", "detach")),
            CreateCommands::run);

    private CreateCommands() {}

    /// A container to be made.
    ///
    /// @param process as the bundle has it
    /// @param flags what else is done when it has been made
    record Request(String id, Bundle bundle, Process process, PreservedDescriptors preserved, Flags flags) {
        /// Reads what the command says.
        static Request of(Context context, Flags flags) throws IOException, CommandException {
            String id = Context.checked(flags.id());
            PreservedDescriptors preserved = PreservedDescriptors.of(flags);
            sayWhatChangesNothing(context, flags);
            Bundle bundle = Bundle.read(Path.of(flags.last("bundle").orElse(".")));
            Process process = bundle.spec().process();
            if (process == null) {
                throw new CommandException("process property must not be empty");
            }
            if (Files.exists(context.state(id))) {
                throw new CommandException("container with given ID already exists");
            }
            return new Request(id, bundle, process, preserved, flags);
        }
    }

    private static int create(Context context, Flags flags) throws IOException, CommandException {
        Request request = Request.of(context, flags);
        int _ = made(context, request, detached(request.process().terminal(), flags));
        return 0;
    }

    /// Makes a container, and gives its main process.
    static int made(Context context, Request request, OciRuntime.CallerStreams streams)
            throws IOException, CommandException {
        String id = request.id();
        Bundle bundle = request.bundle();
        PreservedDescriptors preserved = request.preserved();
        Spec spec = bundle.spec().withProcess(preserved.announcedTo(request.process()));
        return context.creating(bundle, runtime -> {
            try (PidfdSocket socket = PidfdSocket.of(request.flags());
                    SafeDirectory root = runtime.mount(new RootFileSystem.Directory(bundle.root()))) {
                int pid = runtime.create(
                        new ContainerLaunch(id, spec, root, true, false, Origins.NONE), streams, preserved.count());
                try {
                    new BundleRecord(bundle.directory().toString(), Instant.now(), bundle.spec())
                            .write(context.state(id));
                    socket.send(pid, "standard");
                    writePid(request.flags().last("pid-file"), pid);
                } catch (IOException e) {
                    runtime.delete(id);
                    throw e;
                }
                return pid;
            }
        });
    }

    /// Flags of runc for hosts where its way does not work: this way does.
    private static void sayWhatChangesNothing(Context context, Flags flags) {
        for (String name : SWITCHES) {
            if (flags.isSet(name)) {
                context.log().warning("--" + name + " changes nothing");
            }
        }
    }

    static void refuse(Flags flags, String... names) throws CommandException {
        for (String name : names) {
            if (flags.last(name).filter(value -> !value.equals("false")).isPresent()) {
                throw new CommandException("--" + name + " is not supported");
            }
        }
    }

    /// The streams of a process that nobody waits for.
    static OciRuntime.CallerStreams detached(boolean terminal, Flags flags) throws CommandException {
        if (!terminal) {
            refuseConsoleSocket(flags);
            return new OciRuntime.CallerStreams.Inherited();
        }
        return new OciRuntime.CallerStreams.Console(Path.of(flags.last(CONSOLE_SOCKET)
                .orElseThrow(() -> new CommandException(
                        "cannot allocate tty if the runtime will detach without setting console socket"))));
    }

    static void refuseConsoleSocket(Flags flags) throws CommandException {
        if (flags.last(CONSOLE_SOCKET).isPresent()) {
            throw new CommandException("cannot use console socket if the runtime will not detach or allocate tty");
        }
    }

    /// Whoever waits for the file finds it whole.
    static void writePid(Optional<String> file, int pid) throws IOException {
        if (file.isPresent()) {
            Path path = Path.of(file.get()).toAbsolutePath();
            Path unfinished = path.resolveSibling("." + path.getFileName());
            Files.writeString(unfinished, Integer.toString(pid));
            Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static int start(Context context, String id) throws IOException, CommandException {
        BundleRecord _ = context.kept(id);
        return context.runtime(runtime -> {
            OciRuntime.State state =
                    runtime.state(id).orElseThrow(() -> new CommandException("container does not exist"));
            switch (state.phase()) {
                case CREATED -> runtime.start(id);
                case RUNNING, PAUSED -> throw new CommandException("cannot start an already running container");
                case STOPPED -> throw new CommandException("cannot start a container that has stopped");
            }
            return 0;
        });
    }

    private static int run(Context context, Flags flags) throws IOException, CommandException {
        if (flags.isSet("detach")) {
            int _ = create(context, flags);
            return startOrDelete(context, flags.id());
        }
        Request request = Request.of(context, flags);
        refuseConsoleSocket(flags);
        return Foreground.run(context, request, flags.isSet("keep"));
    }

    /// Starts a container of which nothing is to be left if that fails: nobody has seen it yet.
    private static int startOrDelete(Context context, String id) throws IOException, CommandException {
        try {
            return start(context, id);
        } catch (IOException | CommandException e) {
            try {
                context.runtime(runtime -> {
                    runtime.delete(id);
                    return 0;
                });
            } catch (IOException | CommandException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }
}
