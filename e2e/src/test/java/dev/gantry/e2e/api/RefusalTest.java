package dev.gantry.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.Repository;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/// The table of refusals is whole.
class RefusalTest {
    @Test
    void hasAReasonForEveryDifferenceAndNoOther() {
        assertThat(Refusal.all())
                .hasSizeGreaterThan(300)
                .allSatisfy(refusal -> assertThat(refusal.because() == null)
                        .as(refusal.toString())
                        .isEqualTo(refusal.dockerd().equals(refusal.gantry())));
    }

    @Test
    void hasReasonsThatTheConformancePageExplains() throws IOException {
        String page = Files.readString(Repository.root().resolve("docs/conformance.md"));
        assertThat(Refusal.all())
                .filteredOn(refusal -> refusal.because() != null)
                .allSatisfy(refusal -> assertThat(page).contains("| `" + refusal.because() + "` |"));
    }

    @Test
    void comparesStatusAndMessage() {
        Refusal.Answer answer = Refusal.Answer.parse("404 No such container: x");
        assertThat(answer.fits(404, "No such container: x")).isTrue();
        assertThat(answer.fits(500, "No such container: x")).isFalse();
        assertThat(answer.fits(404, "No such container: y")).isFalse();
        assertThat(Refusal.Answer.parse("400 from …").fits(400, "from here")).isTrue();
        assertThat(Refusal.Answer.parse("204").fits(204, "")).isTrue();
    }
}
