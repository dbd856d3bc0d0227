package dev.gantry.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.fuzz.Fuzz;
import dev.gantry.fuzz.Inputs;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What names images, content and platforms: it is refused with a message, or what is written of it is read again as
/// the same.
class NamesFuzzTest {
    private static final String HEX = "0123456789abcdef".repeat(4);
    private static final List<String> REFERENCES = List.of(
            "busybox",
            "library/busybox:1.36",
            "docker.io/some/thing:latest",
            "index.docker.io/library/x",
            "localhost/x:1",
            "registry.example.com:5000/a/b_c/d__e/f-g--h:v1.2@sha256:" + HEX,
            "[fd00::1]:5000/x",
            "Example.COM/x@sha512:" + HEX + HEX);

    private static String reference(Inputs inputs) {
        if (inputs.oneIn(3)) {
            return inputs.mutate(inputs.pick(REFERENCES));
        }
        StringBuilder text = new StringBuilder();
        for (int parts = inputs.below(6); parts >= 0; parts--) {
            text.append(
                    inputs.oneIn(4)
                            ? inputs.text("aZ09._-[]: \u00e4", 30)
                            : inputs.text("abc019", 1 + inputs.below(60)));
            text.append(inputs.pick("/", ":", "@", ".", "_", "__", "-", "---", "@sha256:", "@sha512:", ":5000/", ""));
        }
        return text.append(inputs.oneIn(3) ? HEX : "").toString();
    }

    @Test
    void references() {
        Fuzz.run("references", inputs -> {
            String text = inputs.describe(reference(inputs));
            ImageReference parsed;
            try {
                parsed = ImageReference.parse(text);
            } catch (MalformedException e) {
                assertThat(e.getMessage()).isNotBlank();
                return;
            }
            assertThat(ImageReference.parse(parsed.toString())).isEqualTo(parsed);
            assertThat(ImageReference.parse(parsed.familiar())).isEqualTo(parsed);
            assertThat(parsed.toString()).matches("[\\x21-\\x7e]+");
            ImageReference tagged = parsed.withDefaultTag();
            assertThat(ImageReference.parse(tagged.toString())).isEqualTo(tagged);
        });
    }

    @Test
    void digests() {
        Fuzz.run("digests", inputs -> {
            String valid = inputs.pick("sha256:" + HEX, "sha512:" + HEX + HEX, "md5:" + HEX.substring(32));
            String text = inputs.describe(inputs.oneIn(10) ? valid : inputs.mutate(valid));
            try {
                assertThat(Digest.parse(text)).hasToString(text);
            } catch (MalformedException e) {
                assertThat(e.getMessage()).contains("digest");
            }
        });
    }

    @Test
    void platforms() {
        Fuzz.run("platforms", inputs -> {
            String valid = inputs.pick("linux/amd64", "linux/arm/v7", "arm64", "windows", "linux/aarch64/v8", "x86_64");
            String text = inputs.describe(inputs.oneIn(10) ? valid : inputs.mutate(valid));
            try {
                Platform parsed = Platform.parse(text);
                assertThat(Platform.parse(parsed.toString())).isEqualTo(parsed);
                assertThat(parsed.normalised()).isEqualTo(parsed);
                assertThat(parsed.matches(parsed)).isTrue();
            } catch (MalformedException e) {
                assertThat(e.getMessage()).contains("architecture");
            }
        });
    }
}
