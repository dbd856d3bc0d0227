package dev.gantry.kernel.seccomp;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.ffi.Call;
import dev.gantry.kernel.ffi.Layouts;
import dev.gantry.kernel.ffi.LibSeccomp;
import dev.gantry.kernel.ffi.SystemCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Compiles filters with the libseccomp of this machine (2.4 or newer).
///
/// Thread-safe: one compilation at a time, because the library keeps what it has learnt about the kernel in globals.
/// Compiling Docker's default profile takes tens of milliseconds: keep the result.
public final class SeccompLibrary {
    private static final int MFD_CLOEXEC = 1;
    private static final int SEARCH_IN_BINARY_TREE = 2;
    private static final long ARGUMENT = Layouts.offset(Layouts.SCMP_ARG_CMP, "arg");
    private static final long OPERATOR = Layouts.offset(Layouts.SCMP_ARG_CMP, "op");
    private static final long FIRST = Layouts.offset(Layouts.SCMP_ARG_CMP, "datum_a");
    private static final long SECOND = Layouts.offset(Layouts.SCMP_ARG_CMP, "datum_b");

    private final LibSeccomp library;

    private SeccompLibrary(LibSeccomp library) {
        this.library = library;
    }

    /// The library.
    ///
    /// @throws LibraryMissingException if this machine has none
    public static SeccompLibrary load() throws LibraryMissingException {
        Optional<LibSeccomp> library = LibSeccomp.load();
        return new SeccompLibrary(library.orElseThrow(() -> new LibraryMissingException(LibSeccomp.SONAME)));
    }

    /// The architecture that this JVM runs on.
    public synchronized int nativeArchitecture() {
        return library.nativeArchitecture();
    }

    /// An architecture by libseccomp's name, such as `x86_64`, `x32` or `arm`; empty if the library does not know it.
    ///
    /// The number is the kernel's `AUDIT_ARCH_…`, except for x32: there the kernel's is that of x86-64.
    public synchronized OptionalInt architecture(String name) {
        try (Arena arena = Arena.ofConfined()) {
            int token = isName(name) ? library.resolveArchitecture(arena.allocateFrom(name)) : 0;
            return token == 0 ? OptionalInt.empty() : OptionalInt.of(token);
        }
    }

    /// The number of a system call; empty if the architecture has none of the name.
    public synchronized OptionalInt number(int architecture, String call) {
        try (Arena arena = Arena.ofConfined()) {
            int number = isName(call) ? library.resolve(architecture, arena.allocateFrom(call)) : LibSeccomp.UNKNOWN;
            return number < 0 ? OptionalInt.empty() : OptionalInt.of(number);
        }
    }

    /// Compiles a filter.
    ///
    /// @return an array of `struct sock_filter`
    /// @throws KernelException if the library refuses a rule, the exception's subject
    public synchronized byte[] compile(FilterRules filter) throws KernelException {
        MemorySegment context = library.init(filter.defaultAction());
        if (context.equals(MemorySegment.NULL)) {
            throw new KernelException(
                    "seccomp_init", "default action " + Integer.toHexString(filter.defaultAction()), Errno.EINVAL);
        }
        try {
            for (int architecture : filter.architectures()) {
                add(context, architecture);
            }
            if (filter.binaryTree()) {
                // a library without it (before 2.5) makes the same filter, which takes longer to pass
                int _ = library.set(context, LibSeccomp.ATTRIBUTE_OPTIMIZE, SEARCH_IN_BINARY_TREE);
            }
            for (FilterRules.Rule rule : filter.rules()) {
                add(context, rule, filter.defaultAction());
            }
            return export(context);
        } finally {
            library.release(context);
        }
    }

    private void add(MemorySegment context, int architecture) throws KernelException {
        if (library.hasArchitecture(context, architecture) != 0) {
            check(
                    "seccomp_arch_add",
                    Integer.toHexString(architecture),
                    library.addArchitecture(context, architecture));
        }
    }

    private void add(MemorySegment context, FilterRules.Rule rule, int defaultAction) throws KernelException {
        if (rule.action() == defaultAction || !isName(rule.call())) {
            return; // the library refuses a rule that changes nothing
        }
        try (Arena arena = Arena.ofConfined()) {
            int number = library.resolve(arena.allocateFrom(rule.call()));
            if (number != LibSeccomp.UNKNOWN) {
                List<FilterRules.Comparison> comparisons = rule.comparisons();
                check(
                        "seccomp_rule_add",
                        rule.call(),
                        library.addRule(context, rule.action(), number, comparisons.size(), array(arena, comparisons)));
            }
        }
    }

    private static MemorySegment array(Arena arena, List<FilterRules.Comparison> comparisons) {
        MemorySegment array = arena.allocate(Layouts.SCMP_ARG_CMP, comparisons.size());
        for (int i = 0; i < comparisons.size(); i++) {
            FilterRules.Comparison each = comparisons.get(i);
            long at = i * Layouts.SCMP_ARG_CMP.byteSize();
            array.set(ValueLayout.JAVA_INT, at + ARGUMENT, each.argument());
            array.set(ValueLayout.JAVA_INT, at + OPERATOR, each.operator().number);
            array.set(ValueLayout.JAVA_LONG, at + FIRST, each.value());
            array.set(ValueLayout.JAVA_LONG, at + SECOND, each.masked());
        }
        return array;
    }

    /// Names are compared as C strings: without this `read\0x` would be `read`.
    private static boolean isName(String text) {
        return text.chars().allMatch(c -> c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'));
    }

    /// Through a file in memory: a pipe would block when a program is larger than it.
    private byte[] export(MemorySegment context) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom("seccomp");
            int file = (int)
                    check("memfd_create", "seccomp", SystemCall.invoke(Call.MEMFD_CREATE, name.address(), MFD_CLOEXEC));
            try {
                check("seccomp_export_bpf", "filter", library.export(context, file));
                return content(arena, file);
            } finally {
                SystemCall.invoke(Call.CLOSE, file);
            }
        }
    }

    private static byte[] content(Arena arena, int file) throws KernelException {
        long size = check("lseek", "filter", SystemCall.invoke(Call.LSEEK, file, 0, 2));
        MemorySegment content = arena.allocate(size);
        long got = check("pread64", "filter", SystemCall.invoke(Call.PREAD64, file, content.address(), size, 0));
        return content.asSlice(0, got).toArray(ValueLayout.JAVA_BYTE);
    }

    private static long check(String call, String subject, long result) throws KernelException {
        if (result < 0) {
            throw new KernelException(call, subject, new Errno((int) -result));
        }
        return result;
    }
}
