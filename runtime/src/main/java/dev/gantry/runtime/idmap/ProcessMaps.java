package dev.gantry.runtime.idmap;

import dev.gantry.kernel.HostFiles;
import dev.gantry.kernel.OpenMode;
import dev.gantry.kernel.OwnedFd;
import dev.gantry.oci.runtime.IdMapping;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The maps of a process's user namespace in procfs: only a process outside of the namespace that is privileged there
/// writes them.
public final class ProcessMaps {
    private static final Pattern NAMESPACE_FILE = Pattern.compile("(/proc/[1-9][0-9]*)/ns/user");

    private ProcessMaps() {}

    /// Writes both maps, once for ever.
    public static void write(int pid, IdMaps maps) throws IOException {
        write(pid, "uid_map", IdMaps.text(maps.uids()));
        write(pid, "gid_map", IdMaps.text(maps.gids()));
    }

    /// Writes a file of a process in one call, as the kernel wants it.
    public static void write(int pid, String file, String text) throws IOException {
        try (OwnedFd opened = HostFiles.open(Path.of("/proc", Integer.toString(pid), file), OpenMode.WRITE);
                OutputStream out = opened.output()) {
            out.write(text.getBytes(StandardCharsets.US_ASCII));
        }
    }

    /// The maps of a namespace that is given as `/proc/PID/ns/user`; none if it is given otherwise.
    public static IdMaps of(Path namespace) throws IOException {
        Matcher process = NAMESPACE_FILE.matcher(namespace.toString());
        if (!process.matches()) {
            return IdMaps.NONE;
        }
        return new IdMaps(
                parse(Files.readAllLines(Path.of(process.group(1), "uid_map"))),
                parse(Files.readAllLines(Path.of(process.group(1), "gid_map"))));
    }

    private static List<IdMapping> parse(List<String> lines) {
        List<IdMapping> ranges = new ArrayList<>();
        for (String line : lines) {
            String[] columns = line.strip().split("\\s+", -1);
            ranges.add(
                    new IdMapping(Long.parseLong(columns[0]), Long.parseLong(columns[1]), Long.parseLong(columns[2])));
        }
        return ranges;
    }
}
