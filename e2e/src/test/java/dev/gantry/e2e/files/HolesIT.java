package dev.gantry.e2e.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.ClientKind;
import dev.gantry.e2e.EndToEnd;
import dev.gantry.e2e.GantryOnly;
import dev.gantry.e2e.Result;
import dev.gantry.e2e.SystemCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A container's file of a tebibyte that is a hole but for its beginning: whatever is done with it is quick, for nobody
/// reads the hole. dockerd reads all of it.
@GantryOnly
class HolesIT extends EndToEnd {
    private static final String IN_IMAGE = "holes";

    private TemporaryDirectory local;
    private String container;

    @BeforeEach
    void makeOne() throws IOException {
        local = TemporaryDirectory.create();
        container = background("printf start > /big && truncate -s 1099511627776 /big && echo made; sleep 1000");
        awaitLog(container, "made");
    }

    @AfterEach
    void removeThem() throws IOException {
        local.close();
        setup.daemon().removeContainers();
        if (!ok("images", "-q", IN_IMAGE).isEmpty()) {
            ok("rmi", IN_IMAGE);
        }
    }

    private void isWhatItWas(Path copy) throws IOException {
        assertThat(Files.size(copy)).isEqualTo(1L << 40);
        try (var in = Files.newInputStream(copy)) {
            assertThat(in.readNBytes(6)).asString().isEqualTo("start\0");
        }
        Files.delete(copy);
    }

    private void script(String text) throws IOException {
        Result result = setup.client().script("set -o pipefail; " + text);
        assertThat(result.exit()).as(result::toString).isZero();
    }

    @Test
    void areNotReadByACommit() throws IOException {
        assertThat(ok("diff", container)).isEqualTo("A /big");
        ok("commit", container, IN_IMAGE);
        assertThat(ok("run", "--rm", IN_IMAGE, "sh", "-c", "head -c 5 /big; stat -c ' %s' /big"))
                .isEqualTo("start 1099511627776");
        assertThat(Integer.parseInt(ok("run", "--rm", IN_IMAGE, "stat", "-c", "%b", "/big")))
                .isLessThan(100);
        assertThat(ok("history", "--human=false", "--format", "{{.Size}}", IN_IMAGE))
                .startsWith("1099511627776");
        var report = SystemCheck.of(setup.daemon(), "?deep=1");
        assertThat(report.at("/Findings")).as(report::toPrettyString).isEmpty();
    }

    @Test
    void areNotReadByACopy() throws IOException {
        script("$client cp %s:/big - | tar -xf - -C %s".formatted(container, local.path()));
        isWhatItWas(local.resolve("big"));
        script("$client export %s | tar -xf - -C %s big".formatted(container, local.path()));
        isWhatItWas(local.resolve("big"));
        // Docker's own client writes the zeros
        if (setup.client().kind() == ClientKind.GANTRY) {
            ok("cp", container + ":/big", local.resolve("copy").toString());
            isWhatItWas(local.resolve("copy"));
        }
    }

    @Test
    void stayInACopyInto() throws IOException {
        script("$client cp %s:/big - | $client cp - %s:/tmp".formatted(container, container));
        assertThat(ok("exec", container, "stat", "-c", "%s", "/tmp/big")).isEqualTo("1099511627776");
        assertThat(Integer.parseInt(ok("exec", container, "stat", "-c", "%b", "/tmp/big")))
                .isLessThan(100);
    }
}
