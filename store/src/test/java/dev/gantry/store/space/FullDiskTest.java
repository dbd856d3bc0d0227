package dev.gantry.store.space;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.KernelException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FullDiskTest {
    /// A file system that never has any.
    private static final Path WITHOUT_SPACE = Path.of("/proc/self");

    private final IOException failure = new IOException("No space left on device");

    @TempDir
    private Path roomy;

    @Test
    void isNamedByTheFileSystemWithTheLeastSpace() {
        assertThat(FullDisk.explained(failure, roomy, WITHOUT_SPACE))
                .hasMessage("write /proc/self: no space left on device: /proc (proc) is full");
        assertThat(FullDisk.explained(failure, WITHOUT_SPACE, roomy))
                .hasMessage("write /proc/self: no space left on device: /proc (proc) is full");
    }

    @Test
    void isNamedByWhatIsThereOfAPlaceThatIsNot() {
        assertThat(FullDisk.explained(failure, roomy, WITHOUT_SPACE.resolve("not/there")))
                .hasMessage("write /proc/self/not/there: no space left on device: /proc (proc) is full");
    }

    @Test
    void doesNotExplainWhatFailedForAnotherReason() {
        var other = new KernelException("openat2", "file", Errno.EACCES);
        assertThat(FullDisk.explained(other, WITHOUT_SPACE)).isSameAs(other);
    }
}
