package dev.gantry.engine.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LooksTest {
    private static final Looks LOOKS = new Looks(Duration.ofMillis(300));

    private static Finding finding(String problem) {
        return Finding.advised(Kind.FILE, "it", problem, "");
    }

    private interface Look {
        List<Finding> at(int number) throws IOException;
    }

    private static Part part(Look look) {
        AtomicInteger looks = new AtomicInteger();
        return new Part() {
            @Override
            public String name() {
                return "it";
            }

            @Override
            public List<Finding> look() throws IOException {
                return look.at(looks.getAndIncrement());
            }
        };
    }

    @Test
    void aHealthyPartIsLookedAtOnce() {
        AtomicInteger last = new AtomicInteger();
        assertThat(LOOKS.at(List.of(part(number -> {
                    last.set(number);
                    return List.of();
                }))))
                .isEmpty();
        assertThat(last).hasValue(0);
    }

    @Test
    void whatPassesIsNoFinding() {
        Part passing = part(number -> number < 3 ? List.of(finding("passing")) : List.of());
        Part changing = part(number -> List.of(finding("look " + number)));
        assertThat(LOOKS.at(List.of(passing, changing))).isEmpty();
    }

    @Test
    void whatStaysIsAFindingInTheOrderOfItsParts() {
        Part mixed = part(number -> List.of(finding("stays"), finding("look " + number)));
        Part other = part(_ -> List.of(finding("other")));
        assertThat(LOOKS.at(List.of(mixed, other))).extracting(Finding::problem).containsExactly("stays", "other");
    }

    @Test
    void whatCannotBeLookedAtIsAFindingOnlyIfItStaysSo() {
        Part once = part(number -> {
            if (number == 0) {
                throw new IOException("vanished");
            }
            return List.of();
        });
        Part always = part(_ -> {
            throw new IOException("broken disk");
        });
        assertThat(LOOKS.at(List.of(once, always)))
                .extracting(Finding::problem)
                .containsExactly("cannot be looked at: broken disk");
    }
}
