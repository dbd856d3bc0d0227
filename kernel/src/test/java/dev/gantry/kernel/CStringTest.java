package dev.gantry.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CStringTest {

    /// ASCII, two to four bytes of UTF-8, lone bytes, a cut sequence, an encoded surrogate, an overlong slash, all
    /// bytes.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "61",
                "c3a9",
                "f09f9280",
                "ff",
                "61ff62fe",
                "e282",
                "eda080",
                "c0af",
                "f09f928080c3",
                "f09f92fff09f9280"
            })
    void bytesSurviveTheWayThereAndBack(String hex) {
        byte[] name = HexFormat.of().parseHex(hex);
        assertThat(CString.bytes(CString.text(name))).isEqualTo(name);
    }

    @Test
    void utf8IsItself() {
        String name = "naïve-\uD83D\uDC80-名";
        assertThat(CString.text(name.getBytes(StandardCharsets.UTF_8))).isEqualTo(name);
        assertThat(CString.bytes(name)).isEqualTo(name.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void byteOutsideUtf8IsALoneSurrogate() {
        assertThat(CString.text(new byte[] {'a', (byte) 0x80, (byte) 0xFF})).isEqualTo("a\udc80\udcff");
    }

    /// A name with NUL would be another name to the kernel (CWE-158).
    @Test
    void refusesNul() {
        try (Arena arena = Arena.ofConfined()) {
            Expect.refusal(Errno.EINVAL, () -> CString.in(arena, "etc\0/passwd", "test"));
        }
    }
}
