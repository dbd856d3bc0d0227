package dev.gantry.cli.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StreamTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String demultiplex(String stream) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Demultiplexer.copy(new ByteArrayInputStream(bytes(stream)), out, err);
        return out.toString(StandardCharsets.ISO_8859_1) + "|" + err.toString(StandardCharsets.ISO_8859_1);
    }

    @Test
    void takesOutputAndErrorApart() throws IOException {
        assertThat(demultiplex("\1\0\0\0\0\0\0\3abc\2\0\0\0\0\0\0\2de\1\0\0\0\0\0\0\0\1\0\0\0\0\0\0\1f"))
                .isEqualTo("abcf|de");
        assertThat(demultiplex("")).isEqualTo("|");
    }

    @Test
    void reportsBrokenFrames() {
        assertThatThrownBy(() -> demultiplex("\1\0\0\0")).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> demultiplex("\1\0\0\0\0\0\0\5abc")).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> demultiplex("\7\0\0\0\0\0\0\1a")).hasMessage("unrecognized stream: 7");
        assertThatThrownBy(() -> demultiplex("\3\0\0\0\0\0\0\4oops")).hasMessage("error from daemon in stream: oops");
    }

    private static String pass(DetachKeys keys, String... inputs) throws IOException {
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        boolean detached = false;
        for (String input : inputs) {
            detached |= keys.pass(bytes(input), input.length(), target);
        }
        return target.toString(StandardCharsets.ISO_8859_1) + (detached ? "!" : "");
    }

    @Test
    void findsTheDetachKeysAlsoInPieces() throws IOException {
        assertThat(pass(DetachKeys.parse(""), "ab\20\21cd")).isEqualTo("ab!");
        assertThat(pass(DetachKeys.parse(""), "ab\20", "\21")).isEqualTo("ab!");
        assertThat(pass(DetachKeys.parse("ctrl-a,d"), "\1", "d")).isEqualTo("!");
    }

    @Test
    void passesOnWhatOnlyBeginsLikeTheDetachKeys() throws IOException {
        assertThat(pass(DetachKeys.parse(""), "\20x", "y")).isEqualTo("\20xy");
        assertThat(pass(DetachKeys.parse(""), "\20\20\21")).isEqualTo("\20!");
    }

    @Test
    void refusesKeysThatNobodyHas() {
        assertThatThrownBy(() -> DetachKeys.parse("foo")).hasMessageStartingWith("invalid detach keys (foo)");
        assertThatThrownBy(() -> DetachKeys.parse("ctrl-1")).isInstanceOf(IllegalArgumentException.class);
        assertThat(DetachKeys.parse("ctrl-@,ctrl-[,a")).hasToString("[0, 27, 97]");
    }
}
