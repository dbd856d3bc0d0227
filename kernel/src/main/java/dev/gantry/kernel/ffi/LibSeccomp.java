package dev.gantry.kernel.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// libseccomp, as far as filters are compiled with it; linked when first asked for.
///
/// Nothing is ever loaded into this process's own filter: seccomp_load(3) is not bound. Functions return zero or the
/// negative error number, as the library does.
public final class LibSeccomp {
    public static final String SONAME = "libseccomp.so.2";

    /// `SCMP_FLTATR_CTL_OPTIMIZE`, `seccomp.h`.
    public static final int ATTRIBUTE_OPTIMIZE = 8;

    /// `__NR_SCMP_ERROR`, `seccomp.h`: the name is not a system call of any architecture.
    public static final int UNKNOWN = -1;

    private final MethodHandle init;
    private final MethodHandle release;
    private final MethodHandle set;
    private final MethodHandle nativeArchitecture;
    private final MethodHandle resolveArchitecture;
    private final MethodHandle hasArchitecture;
    private final MethodHandle addArchitecture;
    private final MethodHandle resolve;
    private final MethodHandle resolveFor;
    private final MethodHandle addRule;
    private final MethodHandle export;

    private LibSeccomp(SymbolLookup library) {
        init = link(library, "seccomp_init", FunctionDescriptor.of(ADDRESS, JAVA_INT));
        release = link(library, "seccomp_release", FunctionDescriptor.ofVoid(ADDRESS));
        set = link(library, "seccomp_attr_set", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
        nativeArchitecture = link(library, "seccomp_arch_native", FunctionDescriptor.of(JAVA_INT));
        resolveArchitecture = link(library, "seccomp_arch_resolve_name", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        hasArchitecture = link(library, "seccomp_arch_exist", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
        addArchitecture = link(library, "seccomp_arch_add", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
        resolve = link(library, "seccomp_syscall_resolve_name", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        resolveFor =
                link(library, "seccomp_syscall_resolve_name_arch", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
        addRule = link(
                library,
                "seccomp_rule_add_array",
                FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
        export = link(library, "seccomp_export_bpf", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    }

    private static MethodHandle link(SymbolLookup library, String symbol, FunctionDescriptor type) {
        return Native.link(Linker.nativeLinker(), library, symbol, type);
    }

    /// The library of this machine; empty if there is none.
    public static Optional<LibSeccomp> load() {
        return load(SONAME);
    }

    /// For the test of a machine without it.
    static Optional<LibSeccomp> load(String soname) {
        return Native.library(soname).map(LibSeccomp::new);
    }

    /// `scmp_filter_ctx seccomp_init(uint32_t def_action)`; a null pointer on failure.
    public MemorySegment init(int defaultAction) {
        try {
            return (MemorySegment) init.invokeExact(defaultAction);
        } catch (Throwable impossible) {
            throw Native.mismatch("seccomp_init", impossible);
        }
    }

    public void release(MemorySegment context) {
        try {
            release.invokeExact(context);
        } catch (Throwable impossible) {
            throw Native.mismatch("seccomp_release", impossible);
        }
    }

    public int set(MemorySegment context, int attribute, int value) {
        try {
            return (int) set.invokeExact(context, attribute, value);
        } catch (Throwable impossible) {
            throw Native.mismatch("seccomp_attr_set", impossible);
        }
    }

    public int nativeArchitecture() {
        try {
            return (int) nativeArchitecture.invokeExact();
        } catch (Throwable impossible) {
            throw Native.mismatch("seccomp_arch_native", impossible);
        }
    }

    /// Zero if the library does not know the architecture.
    public int resolveArchitecture(MemorySegment name) {
        try {
            return (int) resolveArchitecture.invokeExact(name);
        } catch (Throwable impossible) {
            throw Native.mismatch("seccomp_arch_resolve_name", impossible);
        }
    }

    public int hasArchitecture(MemorySegment context, int architecture) {
        try {
            return (int) hasArchitecture.invokeExact(context, architecture);
        } catch (Throwable impossible) {
            throw Native.mismatch("seccomp_arch_exist", impossible);
        }
    }

    public int addArchitecture(MemorySegment context, int architecture) {
        try {
            return (int) addArchitecture.invokeExact(context, architecture);
        } catch (Throwable impossible) {
            throw Native.mismatch("seccomp_arch_add", impossible);
        }
    }

    /// The number on the native architecture, a negative pseudo number for a call of another one, or [#UNKNOWN].
    public int resolve(MemorySegment call) {
        try {
            return (int) resolve.invokeExact(call);
        } catch (Throwable impossible) {
            throw Native.mismatch("seccomp_syscall_resolve_name", impossible);
        }
    }

    /// As [#resolve], on another architecture.
    public int resolve(int architecture, MemorySegment call) {
        try {
            return (int) resolveFor.invokeExact(architecture, call);
        } catch (Throwable impossible) {
            throw Native.mismatch("seccomp_syscall_resolve_name_arch", impossible);
        }
    }

    /// Adds a rule for a call, by its number on the native architecture.
    ///
    /// @param comparisons an array of [Layouts#SCMP_ARG_CMP]
    public int addRule(MemorySegment context, int action, int call, int count, MemorySegment comparisons) {
        try {
            return (int) addRule.invokeExact(context, action, call, count, comparisons);
        } catch (Throwable impossible) {
            throw Native.mismatch("seccomp_rule_add_array", impossible);
        }
    }

    /// Writes the program to a descriptor, as an array of `struct sock_filter`.
    public int export(MemorySegment context, int descriptor) {
        try {
            return (int) export.invokeExact(context, descriptor);
        } catch (Throwable impossible) {
            throw Native.mismatch("seccomp_export_bpf", impossible);
        }
    }
}
