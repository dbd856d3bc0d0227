package dev.gantry.runtime;

import dev.gantry.oci.runtime.Capabilities;
import dev.gantry.runtime.launch.Credentials.CapabilityMasks;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The capabilities that this process has, and therefore the most that a container gets; capabilities(7).
///
/// @param last the highest number that the kernel knows
/// @param permitted those that this process has, number n at bit n
public record HostCapabilities(int last, long permitted) {
    private static final List<String> NAMES = List.of(
            "CHOWN",
            "DAC_OVERRIDE",
            "DAC_READ_SEARCH",
            "FOWNER",
            "FSETID",
            "KILL",
            "SETGID",
            "SETUID",
            "SETPCAP",
            "LINUX_IMMUTABLE",
            "NET_BIND_SERVICE",
            "NET_BROADCAST",
            "NET_ADMIN",
            "NET_RAW",
            "IPC_LOCK",
            "IPC_OWNER",
            "SYS_MODULE",
            "SYS_RAWIO",
            "SYS_CHROOT",
            "SYS_PTRACE",
            "SYS_PACCT",
            "SYS_ADMIN",
            "SYS_BOOT",
            "SYS_NICE",
            "SYS_RESOURCE",
            "SYS_TIME",
            "SYS_TTY_CONFIG",
            "MKNOD",
            "LEASE",
            "AUDIT_WRITE",
            "AUDIT_CONTROL",
            "SETFCAP",
            "MAC_OVERRIDE",
            "MAC_ADMIN",
            "SYSLOG",
            "WAKE_ALARM",
            "BLOCK_SUSPEND",
            "AUDIT_READ",
            "PERFMON",
            "BPF",
            "CHECKPOINT_RESTORE");

    private static final Map<String, Integer> NUMBERS = numbers();

    private static Map<String, Integer> numbers() {
        Map<String, Integer> numbers = new HashMap<>();
        for (int i = 0; i < NAMES.size(); i++) {
            numbers.put(NAMES.get(i), i);
            numbers.put("CAP_" + NAMES.get(i), i);
        }
        return Map.copyOf(numbers);
    }

    /// Reads /proc.
    public static HostCapabilities read() throws IOException {
        int last = Integer.parseInt(lineOf(Path.of("/proc/sys/kernel/cap_last_cap")));
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("CapPrm:")) {
                return new HostCapabilities(
                        last,
                        Long.parseUnsignedLong(
                                line.substring("CapPrm:".length()).strip(), 16));
            }
        }
        throw new IOException("/proc/self/status: no line \"CapPrm\"");
    }

    /// In one read: a number of /proc/sys ends at every offset but 0, and [Files#readString] reads its first byte
    /// alone.
    private static String lineOf(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] line = new byte[64];
            int length = in.read(line);
            return new String(line, 0, Math.max(length, 0), StandardCharsets.US_ASCII).strip();
        }
    }

    /// The names of those that the kernel and this class both know, `CAP_…`, in the kernel's order.
    public List<String> known() {
        return NAMES.stream().limit(last + 1L).map(name -> "CAP_" + name).toList();
    }

    /// Without what this process does not have itself and so cannot give.
    Capabilities granted(Capabilities wanted) {
        return new Capabilities(
                granted(wanted.bounding()),
                granted(wanted.effective()),
                granted(wanted.inheritable()),
                granted(wanted.permitted()),
                granted(wanted.ambient()));
    }

    private List<String> granted(List<String> names) {
        return names.stream().filter(name -> mask(List.of(name)) != 0).toList();
    }

    /// Everything, by name; nothing is inheritable (CVE-2022-24769).
    Capabilities everything() {
        return Capabilities.of(granted(known()));
    }

    /// The numbers of names, without what this process does not have itself and so cannot give, and without ambient
    /// ones that the kernel would not raise.
    CapabilityMasks masks(Capabilities capabilities) {
        long inheritable = mask(capabilities.inheritable());
        long permitted = mask(capabilities.permitted());
        return new CapabilityMasks(
                mask(capabilities.bounding()),
                mask(capabilities.effective()),
                inheritable,
                permitted,
                mask(capabilities.ambient()) & inheritable & permitted);
    }

    /// What of them has no effect, and why; the specification has it that this is no more than a warning.
    List<String> withoutEffect(Capabilities capabilities) {
        Set<String> unknown = new TreeSet<>();
        for (List<String> names : List.of(
                capabilities.bounding(),
                capabilities.effective(),
                capabilities.inheritable(),
                capabilities.permitted(),
                capabilities.ambient())) {
            for (String name : names) {
                if (number(name) < 0) {
                    unknown.add(name);
                }
            }
        }
        List<String> unraised = capabilities.ambient().stream()
                .filter(name -> number(name) >= 0)
                .filter(name -> !capabilities.inheritable().contains(name)
                        || !capabilities.permitted().contains(name))
                .toList();
        List<String> warnings = new ArrayList<>();
        if (!unknown.isEmpty()) {
            warnings.add("ignoring unknown or unavailable capabilities: " + unknown);
        }
        if (!unraised.isEmpty()) {
            warnings.add("ignoring ambient capabilities that are not inheritable and permitted: " + unraised);
        }
        return warnings;
    }

    /// Whether limits can be raised and OOM scores lowered.
    boolean maySetResources() {
        return mask(List.of("SYS_RESOURCE")) != 0;
    }

    /// As if this process had all: root of a new user namespace has.
    HostCapabilities everyMask() {
        return new HostCapabilities(last, last >= Long.SIZE - 1 ? -1L : (1L << (last + 1)) - 1);
    }

    /// Everything, for privileged processes; nothing is inheritable (CVE-2022-24769).
    CapabilityMasks all() {
        return new CapabilityMasks(permitted, permitted, 0, permitted, 0);
    }

    private long mask(List<String> names) {
        long mask = 0;
        for (String name : names) {
            int number = number(name);
            mask |= number < 0 ? 0 : 1L << number;
        }
        return mask & permitted;
    }

    /// The number of a name; -1 if there is none, in this class or in this kernel.
    private int number(String name) {
        int number = NUMBERS.getOrDefault(name.toUpperCase(Locale.ROOT), -1);
        return number > last ? -1 : number;
    }
}
