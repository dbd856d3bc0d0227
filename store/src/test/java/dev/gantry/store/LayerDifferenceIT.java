package dev.gantry.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Archives of the tools that make layers, unpacked here and by GNU tar: the trees must be equal.
class LayerDifferenceIT extends StoreFixture {
    private void compare(String makeArchive) throws IOException, InterruptedException {
        shell(Tools.SOURCE + "cd ..; " + makeArchive);
        // bsdtar comes back to a directory later; without the delay GNU tar has then set the directory's time already
        shell("mkdir reference; tar -xpf archive --xattrs --xattrs-include='*' --same-owner --numeric-owner"
                + " --delay-directory-restore -C reference");
        ImageStore store = ImageStore.open(root);
        Image image = importFile(store, "archive", "difference");
        Path tree = image.layers().getFirst().tree();
        assertThat(describe(tree)).isEqualTo(describe(scratch.resolve("reference")));
        assertThat(store.repair().verify()).isEmpty();
    }

    /// Without the root, which takes nothing from an archive.
    private static List<String> describe(Path tree) throws IOException, InterruptedException {
        return Tools.describe(tree).stream()
                .filter(line -> !line.startsWith(" | d | "))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--format=posix",
                "--format=posix --sparse",
                "--format=posix --sparse --sparse-version=0.0",
                "--format=posix --sparse --sparse-version=0.1",
                "--format=gnu",
                "--format=gnu --sparse",
                "--format=oldgnu --sparse",
            })
    void unpacksGnuTarsFormats(String options) throws IOException, InterruptedException {
        compare("tar -cf archive %s --numeric-owner -C source .".formatted(options));
    }

    @Test
    void unpacksAttributesAndCapabilities() throws IOException, InterruptedException {
        Assumptions.assumeTrue(Tools.has("setfattr") && Tools.has("setcap"), "setfattr or setcap is not installed");
        compare("setfattr -n user.a -v b source/random; setfattr -n trusted.t -v u source/dir; "
                + "setcap cap_setuid,cap_net_raw+ep source/random; "
                + "tar -cf archive --format=posix --xattrs --xattrs-include='*' --numeric-owner -C source .");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pax", "gnutar"})
    void unpacksBsdtarsFormats(String format) throws IOException, InterruptedException {
        Assumptions.assumeTrue(Tools.has("bsdtar"), "bsdtar is not installed");
        compare("bsdtar -cf archive --format=%s --numeric-owner -C source .".formatted(format));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "bzip2", "xz", "zstd"})
    void unpacksCompressedArchives(String compressor) throws IOException, InterruptedException {
        Assumptions.assumeTrue(Tools.has(compressor), compressor + " is not installed");
        compare("tar -cf plain --format=posix --numeric-owner -C source .; %s < plain > archive".formatted(compressor));
    }

    @Test
    void unpacksSeveralMembersOfOneStream() throws IOException, InterruptedException {
        compare("tar -cf plain --format=posix --numeric-owner -C source .; "
                + "{ head -c 5000 plain | gzip; tail -c +5001 plain | gzip; } > archive");
    }
}
