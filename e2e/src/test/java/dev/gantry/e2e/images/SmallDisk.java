package dev.gantry.e2e.images;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.Command;
import dev.gantry.e2e.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A small ext4 file system of its own, in a file that is mounted. It can be made full to the last byte.
record SmallDisk(Path directory) implements AutoCloseable {
    static SmallDisk mounted(int megabytes) throws IOException {
        SmallDisk disk = new SmallDisk(Files.createTempDirectory("gantry-disk"));
        disk.shell("truncate -s %dM image && mkfs.ext4 -q -m 0 image && mkdir root && mount -o loop image root"
                .formatted(megabytes));
        return disk;
    }

    /// Where it is mounted.
    Path root() {
        return directory.resolve("root");
    }

    /// Bytes that can still be written.
    long free() throws IOException {
        return Files.getFileStore(root()).getUsableSpace();
    }

    /// Takes the last byte. A file's last blocks may be refused while they are set aside for its extents (delayed
    /// allocation), and are free again once it is written; so there are several files.
    void fill() throws IOException {
        shell("sync -f root; dd if=/dev/zero of=root/filler bs=64k 2> /dev/null; for n in $(seq 9); do"
                + " dd if=/dev/zero of=root/filler$n bs=1k 2> /dev/null; sync -f root; done");
        assertThat(free()).isZero();
    }

    /// Takes all but so much, in blocks of a kibibyte.
    void fillExcept(int kilobytes) throws IOException {
        shell("dd if=/dev/zero of=root/spared bs=1k count=%d 2> /dev/null".formatted(kilobytes));
        fill();
        shell("rm root/spared; sync -f root");
    }

    /// Gives back what [#fill] has taken.
    void drain() throws IOException {
        shell("rm root/filler*; sync -f root");
    }

    private void shell(String script) throws IOException {
        Result result = Command.run(List.of("sh", "-c", "cd " + directory + " && " + script), Map.of());
        assertThat(result.exit()).as(result::toString).isZero();
    }

    @Override
    public void close() throws IOException {
        shell("if mountpoint -q root; then umount root; fi; rm -f image; rmdir root");
        Files.delete(directory);
    }
}
