package dev.gantry.runtime.mount;

import dev.gantry.oci.runtime.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.Set;

/// What may be mounted in `/proc`: programs take what is there for the kernel's word, and an image's volumes need not
/// be
/// asked for by anybody (CVE-2019-16884, CVE-2019-19921). The rules and the words are runc's.
public record ProcMounts(RootLinks links) {
    private static final String PROC = "/proc";

    /// Files that tell of the host, for which a container may be given others.
    private static final Set<String> FILES = Set.of(
            "/proc/cpuinfo",
            "/proc/diskstats",
            "/proc/meminfo",
            "/proc/stat",
            "/proc/swaps",
            "/proc/uptime",
            "/proc/loadavg",
            "/proc/slabinfo",
            "/proc/net/dev",
            "/proc/sys/kernel/ns_last_pid");

    /// Why a bind mount is refused; empty if it is not.
    ///
    /// @throws IOException if its source cannot be looked at
    public Optional<String> problem(Mount mount, BindSource source) throws IOException {
        String place = links.follow("/" + mount.destination()).orElseGet(mount::place);
        if (place.startsWith(PROC + "/") && !FILES.contains(place)) {
            return Optional.of("cannot be mounted because it is inside /proc");
        }
        if (place.equals(PROC) && !Files.getFileStore(source.path()).type().equals("proc")) {
            return Optional.of("cannot be mounted because it is not of type proc");
        }
        return Optional.empty();
    }
}
