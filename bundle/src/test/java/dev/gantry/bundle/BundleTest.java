package dev.gantry.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.oci.runtime.Mount;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleTest {
    @TempDir
    private Path directory;

    /// runtime-spec, config.md, `mounts.source`.
    @Test
    void meansRelativeSourcesOfBindMountsFromItself() throws Exception {
        Files.writeString(directory.resolve(Bundle.CONFIGURATION), """
                {"ociVersion": "1.2.0", "mounts": [
                  {"destination": "/a", "type": "bind", "source": "data"},
                  {"destination": "/b", "source": "./data/../file", "options": ["rbind", "ro"]},
                  {"destination": "/c", "type": "none", "source": "data", "options": ["bind"]},
                  {"destination": "/d", "type": "bind", "source": "/proc/1/root/../x"},
                  {"destination": "/e", "type": "bind"},
                  {"destination": "/f", "type": "tmpfs", "source": "data"}]}""");

        Bundle bundle = Bundle.read(directory);

        assertThat(bundle.spec().mounts().stream().map(Mount::source))
                .containsExactly(
                        directory + "/data",
                        directory + "/file",
                        directory + "/data",
                        "/proc/1/root/../x",
                        null,
                        "data");
        assertThat(bundle.spec().mounts().get(1).options()).containsExactly("rbind", "ro");
    }
}
