package dev.gantry.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.gantry.kernel.ffi.Call;
import dev.gantry.kernel.ffi.Layouts;
import dev.gantry.kernel.ffi.SystemCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The device controller of cgroup v2: an eBPF program that the kernel asks before a device is opened or its
/// node is made; bpf(2), `BPF_PROG_TYPE_CGROUP_DEVICE`.
public final class DeviceFilter {

    private static final int BPF_PROG_LOAD = 5;
    private static final int BPF_PROG_ATTACH = 8;
    private static final int BPF_PROG_TYPE_CGROUP_DEVICE = 15;
    private static final int BPF_CGROUP_DEVICE = 6;
    /// What is attached above and below goes on counting.
    private static final int BPF_F_ALLOW_MULTI = 2;
    private static final long BPF_ATTACH_TARGET = Layouts.offset(Layouts.BPF_PROG_ATTACH, "target_fd");
    private static final long BPF_ATTACH_PROGRAM = Layouts.offset(Layouts.BPF_PROG_ATTACH, "attach_bpf_fd");
    private static final long BPF_ATTACH_TYPE = Layouts.offset(Layouts.BPF_PROG_ATTACH, "attach_type");
    private static final long BPF_ATTACH_FLAGS = Layouts.offset(Layouts.BPF_PROG_ATTACH, "attach_flags");
    private static final int INSTRUCTION_SIZE = 8;
    private static final int LOG_SIZE = 64 * 1024;

    private DeviceFilter() {}

    /// Attaches a program to a cgroup, in whose processes and descendants it counts from now on; it goes with
    /// the cgroup.
    ///
    /// @param cgroup a directory in a cgroup v2 hierarchy
    /// @param program eBPF instructions of 8 bytes each, which end with 0 (refused) or 1 (allowed) in
    ///     register 0
    /// @throws KernelException with the verifier's last words, if it refuses the program
    public static void attach(Path cgroup, byte[] program) throws KernelException {
        try (OwnedFd directory = HostFiles.open(cgroup, OpenMode.READ, OpenMode.DIRECTORY);
                OwnedFd loaded = load(cgroup, program);
                Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(Layouts.BPF_PROG_ATTACH);
            int source = loaded.acquire();
            try {
                set(attributes, BPF_ATTACH_PROGRAM, source);
                set(attributes, BPF_ATTACH_TYPE, BPF_CGROUP_DEVICE);
                set(attributes, BPF_ATTACH_FLAGS, BPF_F_ALLOW_MULTI);
                Kernel.call(Call.BPF, "attach device filter to " + cgroup, directory, number -> {
                    set(attributes, BPF_ATTACH_TARGET, number);
                    return SystemCall.invoke(Call.BPF, BPF_PROG_ATTACH, attributes.address(), attributes.byteSize());
                });
            } finally {
                loaded.release();
            }
        }
    }

    private static OwnedFd load(Path cgroup, byte[] program) throws KernelException {
        String subject = "load device filter of " + cgroup;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(Layouts.BPF_PROG_LOAD);
            set(attributes, offset("prog_type"), BPF_PROG_TYPE_CGROUP_DEVICE);
            set(attributes, offset("insn_cnt"), program.length / INSTRUCTION_SIZE);
            MemorySegment instructions = arena.allocate(program.length, INSTRUCTION_SIZE);
            MemorySegment.copy(program, 0, instructions, JAVA_BYTE, 0, program.length);
            pointer(attributes, offset("insns"), instructions);
            // the program calls no helper of the kernel's that asks for a licence
            pointer(attributes, offset("license"), arena.allocateFrom("Apache-2.0"));
            long result = load(attributes);
            if (result < 0) {
                throw new KernelException("bpf", subject, new Errno((int) -result), verdict(arena, attributes));
            }
            return new OwnedFd(result, "device filter");
        }
    }

    private static long load(MemorySegment attributes) {
        return Kernel.uninterrupted(
                () -> SystemCall.invoke(Call.BPF, BPF_PROG_LOAD, attributes.address(), attributes.byteSize()));
    }

    /// Asks again, with a log: what the verifier says at last. Null if it says nothing.
    private static @Nullable String verdict(Arena arena, MemorySegment attributes) {
        MemorySegment log = arena.allocate(LOG_SIZE);
        set(attributes, offset("log_level"), 1);
        set(attributes, offset("log_size"), LOG_SIZE);
        pointer(attributes, offset("log_buf"), log);
        long result = load(attributes);
        if (result >= 0) {
            SystemCall.invoke(Call.CLOSE, result);
        }
        String text = log.getString(0, StandardCharsets.UTF_8).strip();
        return text.isEmpty() ? null : text.substring(text.lastIndexOf('\n') + 1);
    }

    private static long offset(String member) {
        return Layouts.offset(Layouts.BPF_PROG_LOAD, member);
    }

    private static void set(MemorySegment attributes, long offset, int value) {
        attributes.set(JAVA_INT, offset, value);
    }

    private static void pointer(MemorySegment attributes, long offset, MemorySegment target) {
        attributes.set(ValueLayout.JAVA_LONG, offset, target.address());
    }
}
