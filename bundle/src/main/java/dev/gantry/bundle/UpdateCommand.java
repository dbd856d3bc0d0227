package dev.gantry.bundle;

import dev.gantry.oci.Json;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.runtime.Resources;
import dev.gantry.runtime.OciRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// update.
final class UpdateCommand {
    static final Command UPDATE = new Command(
            new Flags.Known(
                    Set.of(),
                    Set.of(
                            "resources",
                            "blkio-weight",
                            "cpu-period",
                            "cpu-quota",
                            "cpu-burst",
                            "cpu-share",
                            "cpu-rt-period",
                            "cpu-rt-runtime",
                            "cpu-idle",
                            "cpuset-cpus",
                            "cpuset-mems",
                            "memory",
                            "memory-reservation",
                            "memory-swap",
                            "pids-limit",
                            "kernel-memory",
                            "kernel-memory-tcp",
                            "l3-cache-schema",
                            "mem-bw-schema"),
                    Map.of("r", "resources")),
            UpdateCommand::update);

    private static final String STANDARD_INPUT = "-";
    private static final Map<Character, Integer> UNITS = Map.of('b', 0, 'k', 10, 'm', 20, 'g', 30, 't', 40);

    private UpdateCommand() {}

    private static int update(Context context, Flags flags) throws IOException, CommandException {
        String id = flags.id();
        CreateCommands.refuse(flags, "l3-cache-schema", "mem-bw-schema");
        BundleRecord _ = context.kept(id);
        return context.runtime(runtime -> {
            boolean alive = runtime.state(id)
                    .filter(state -> state.phase() != OciRuntime.Phase.STOPPED)
                    .isPresent();
            if (!alive) {
                throw new CommandException("container not running");
            }
            Optional<String> file = flags.last("resources");
            runtime.update(id, file.isPresent() ? read(file.get()) : given(flags));
            return 0;
        });
    }

    private static Resources read(String file) throws IOException, CommandException {
        byte[] content;
        try {
            content = file.equals(STANDARD_INPUT) ? System.in.readAllBytes() : Files.readAllBytes(Path.of(file));
        } catch (NoSuchFileException _) {
            throw new CommandException("open " + file + ": no such file or directory");
        }
        try {
            return Json.read(content, Resources.class);
        } catch (MalformedException e) {
            throw new CommandException((file.equals(STANDARD_INPUT) ? "standard input" : file) + ": " + e.getMessage());
        }
    }

    private static Resources given(Flags flags) throws CommandException {
        Long tasks = number(flags, "pids-limit");
        Long weight = number(flags, "blkio-weight");
        return new Resources(
                List.of(),
                new Resources.Memory(
                        bytes(flags, "memory"),
                        bytes(flags, "memory-reservation"),
                        bytes(flags, "memory-swap"),
                        null,
                        bytes(flags, "kernel-memory-tcp"),
                        null,
                        null,
                        null,
                        null),
                new Resources.Cpu(
                        number(flags, "cpu-share"),
                        number(flags, "cpu-quota"),
                        number(flags, "cpu-burst"),
                        number(flags, "cpu-period"),
                        number(flags, "cpu-rt-runtime"),
                        number(flags, "cpu-rt-period"),
                        flags.last("cpuset-cpus").orElse(null),
                        flags.last("cpuset-mems").orElse(null),
                        number(flags, "cpu-idle")),
                tasks == null ? null : new Resources.Pids(tasks),
                weight == null
                        ? null
                        : new Resources.BlockIo(
                                Math.toIntExact(weight), null, List.of(), List.of(), List.of(), List.of(), List.of()),
                List.of(),
                null,
                Map.of(),
                Map.of());
    }

    private static @Nullable Long number(Flags flags, String name) throws CommandException {
        Optional<String> value = flags.last(name).filter(each -> !each.isEmpty());
        try {
            return value.isPresent() ? Long.valueOf(value.get()) : null;
        } catch (NumberFormatException _) {
            throw new CommandException("invalid value for " + name + ": " + value.orElse(""));
        }
    }

    /// A number of bytes, with a unit perhaps: `64m`, `64MiB`; -1 is no limit.
    static @Nullable Long bytes(Flags flags, String name) throws CommandException {
        String text = flags.last(name).orElse("").strip();
        String number = text.toLowerCase(Locale.ROOT);
        if (number.isEmpty()) {
            return null;
        }
        for (String end : List.of("ib", "b")) {
            if (number.endsWith(end) && number.length() > end.length()) {
                number = number.substring(0, number.length() - end.length());
                break;
            }
        }
        int shift = UNITS.getOrDefault(number.charAt(number.length() - 1), 0);
        if (UNITS.containsKey(number.charAt(number.length() - 1))) {
            number = number.substring(0, number.length() - 1);
        }
        try {
            return Math.multiplyExact(Long.parseLong(number), 1L << shift);
        } catch (NumberFormatException | ArithmeticException _) {
            throw new CommandException("invalid value for " + name + ": " + text);
        }
    }
}
