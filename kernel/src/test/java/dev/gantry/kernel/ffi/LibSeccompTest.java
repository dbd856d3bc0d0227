package dev.gantry.kernel.ffi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LibSeccompTest {
    @Test
    void isEmptyOnAMachineWithoutTheLibrary() {
        assertThat(LibSeccomp.load("libseccomp-absent.so.2")).isEmpty();
    }

    @Test
    void namesTheFunctionThatALibraryLacks() {
        assertThatThrownBy(() -> LibSeccomp.load("libc.so.6"))
                .isInstanceOf(UnsatisfiedLinkError.class)
                .hasMessage("symbol \"seccomp_init\" not found: library too old");
    }
}
