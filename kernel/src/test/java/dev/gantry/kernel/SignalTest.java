package dev.gantry.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignalTest {

    @ParameterizedTest
    @CsvSource({
        "15, 15, SIGTERM",
        "TERM, 15, SIGTERM",
        "sigterm, 15, SIGTERM",
        "SigKill, 9, SIGKILL",
        "HUP, 1, SIGHUP",
        "USR1, 10, SIGUSR1",
        "USR2, 12, SIGUSR2",
        "CHLD, 17, SIGCHLD",
        "CLD, 17, SIGCHLD",
        "IOT, 6, SIGABRT",
        "POLL, 29, SIGIO",
        "WINCH, 28, SIGWINCH",
        "SYS, 31, SIGSYS",
        "UNUSED, 31, SIGSYS",
        "RTMIN, 34, SIGRTMIN",
        "SIGRTMIN+3, 37, SIGRTMIN+3",
        "rtmin+30, 64, SIGRTMIN+30",
        "RTMAX, 64, SIGRTMIN+30",
        "SIGRTMAX-1, 63, SIGRTMIN+29",
        "RTMAX-30, 34, SIGRTMIN",
        "64, 64, SIGRTMIN+30",
        "32, 32, SIG32",
    })
    void understands(String text, int number, String symbol) {
        assertThat(Signal.parse(text)).hasValueSatisfying(signal -> {
            assertThat(signal.number()).isEqualTo(number);
            assertThat(signal).hasToString(symbol);
        });
    }

    /// signal(7), "Standard signals" and "Real-time signals".
    @ParameterizedTest
    @CsvSource({
        "TERM, true", "HUP, true", "KILL, true", "USR1, true", "PWR, true", "RTMIN, true", "64, true",
        "CHLD, false", "CONT, false", "STOP, false", "TSTP, false", "TTIN, false", "TTOU, false", "URG, false",
        "WINCH, false",
    })
    void endsAProcessThatDoesNotHandleIt(String name, boolean ends) {
        assertThat(Signal.parse(name).orElseThrow().endsByDefault()).isEqualTo(ends);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "65",
                "999",
                "-1",
                "+15",
                "SIG",
                "SIGSIGTERM",
                "TERMINATE",
                "SIG15",
                "RTMIN+31",
                "RTMAX+1",
                "RTMIN-1",
                "RTMIN3",
                "RTMIN+",
                "15 ",
                "４",
                "99999999999"
            })
    void refuses(String text) {
        assertThat(Signal.parse(text)).isEmpty();
    }

    @Test
    void readsBackEveryNameThatItPrints() {
        for (int number = 1; number <= 64; number++) {
            if (number != 32 && number != 33) {
                Signal signal = new Signal(number);
                assertThat(Signal.parse(signal.symbol())).contains(signal);
            }
        }
    }

    @Test
    void thereIsNoSignalOutsideOneToSixtyFour() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Signal(0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Signal(65));
    }
}
