package dev.gantry.runtime.program;

import java.util.List;

/// A piece of a program's data, with what a rendering needs to know of it.
public sealed interface Item {
    /// The absolute address.
    int address();

    /// A string that ends with a zero byte.
    record Text(int address, String value) implements Item {}

    /// An argument vector: pointers to strings, and a null pointer.
    record Strings(int address, List<String> values) implements Item {
        public Strings {
            values = List.copyOf(values);
        }
    }

    /// Bytes that are written as they are: a file's content, a filter program.
    final class Bytes implements Item {
        private final int address;
        private final byte[] value;

        Bytes(int address, byte[] value) {
            this.address = address;
            this.value = value.clone();
        }

        @Override
        public int address() {
            return address;
        }

        /// The content.
        public byte[] value() {
            return value.clone();
        }
    }

    /// One struct or an array of them. A field whose operand is a [Slot] is filled in just before each call that
    /// uses it.
    ///
    /// @param fields in the order of the C declaration, a multiple of the type's number of fields
    record Struct(int address, StructType type, List<Operand> fields) implements Item {
        public Struct {
            fields = List.copyOf(fields);
        }

        /// How many structs there are.
        public int count() {
            return fields.size() / type.fieldCount();
        }
    }

    /// Zeroed memory that the kernel or the program fills.
    ///
    /// @param name what renderings call it
    /// @param size bytes
    record Buffer(int address, String name, int size) implements Item {}
}
