package dev.gantry.kernel.ffi;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// The only place that links native functions: the restricted methods of the foreign function interface.
///
/// A missing symbol, denied access and a missing library are three different messages.
final class Native {

    private Native() {}

    /// Links a function of the C library.
    static MethodHandle libc(String symbol, FunctionDescriptor type, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        return link(linker, linker.defaultLookup(), symbol, type, options);
    }

    /// Loads a library by its soname; empty if this machine has none.
    // restricted: a library is loaded by a constant soname of this module, never by a name from outside
    @SuppressWarnings("restricted")
    static Optional<SymbolLookup> library(String soname) {
        try {
            return Optional.of(SymbolLookup.libraryLookup(soname, Arena.global()));
        } catch (IllegalArgumentException _) {
            return Optional.empty(); // documented: the library is not there
        }
    }

    // restricted: the one downcall door; every caller gives a prototype copied from the manual page
    @SuppressWarnings("restricted")
    static MethodHandle link(
            Linker linker, SymbolLookup lookup, String symbol, FunctionDescriptor type, Linker.Option... options) {
        MemorySegment address = lookup.find(symbol)
                .orElseThrow(() -> new UnsatisfiedLinkError("symbol \"" + symbol + "\" not found: library too old"));
        try {
            return linker.downcallHandle(address, type, options);
        } catch (IllegalCallerException e) {
            throw new IllegalCallerException(
                    "native access denied: start the JVM with --enable-native-access=dev.gantry.kernel", e);
        }
    }

    /// Wraps what a method handle declares but never throws.
    static AssertionError mismatch(String symbol, Throwable cause) {
        return new AssertionError("handle of " + symbol + " does not match its descriptor", cause);
    }
}
