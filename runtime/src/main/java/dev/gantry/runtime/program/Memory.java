package dev.gantry.runtime.program;

/// The address map of a running program.
///
/// ```text
///  CONSTANTS  0x0040_0000  read only   ELF header, then strings, argument vectors, constant structs
///  LAUNCH     0x0300_0000  executable  code of Section.LAUNCH
///  RESIDENT   0x0700_0000  executable  code of Section.RESIDENT
///  VARIABLES  0x0740_0000  read/write  slots, structs that are patched or written by the kernel
/// ```
///
/// All addresses are below 2³¹ (x86-64 reaches them with 32-bit displacements), and the two kinds of code are less than
/// 128 MiB apart (aarch64 reaches them with one branch). Because each region has a fixed base, an address is final when
/// an item is allocated, long before the size of the code is known.
public final class Memory {
    /// Base of the read-only region. The file's headers are at its beginning.
    public static final int CONSTANTS = 0x0040_0000;
    /// Room for the file's headers at the beginning of the read-only region.
    public static final int HEADER_SIZE = 0x180;
    /// Base of the launch code.
    public static final int LAUNCH = 0x0300_0000;
    /// Base of the resident code.
    public static final int RESIDENT = 0x0700_0000;
    /// Base of the variables.
    public static final int VARIABLES = 0x0740_0000;

    static final int CONSTANTS_LIMIT = LAUNCH - CONSTANTS;
    static final int VARIABLES_LIMIT = 0x0040_0000;

    private Memory() {}
}
