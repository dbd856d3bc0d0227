package dev.gantry.runtime.program;

/// A value that an instruction reads.
public sealed interface Operand permits Operand.Immediate, Operand.Address, Slot {

    /// A number known when the program is built.
    record Immediate(long value) implements Operand {}

    /// The address of a place in the program's data.
    ///
    /// @param item what lies there
    /// @param offset bytes from the item's beginning
    record Address(Item item, int offset) implements Operand {
        /// The absolute address.
        public int absolute() {
            return item.address() + offset;
        }

        /// A field at this place, for reading and patching.
        ///
        /// @param at bytes from this address
        /// @param width 1, 2, 4 or 8 bytes
        public Slot field(String name, int at, int width) {
            return new Slot(name, absolute() + at, width);
        }
    }

    /// The number `value`.
    static Operand of(long value) {
        return new Immediate(value);
    }
}
