package dev.gantry.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Archives of the tools that make layers, unpacked here and by GNU tar: the trees must be equal.
class LayerDifferenceIT extends StoreFixture {
    private static final String SOURCE = """
            mkdir source; cd source
            echo plain > file; chmod 4751 file; chown 1234:4321 file
            touch -d '2001-02-03 04:05:06.789012345' file
            ln file hard; mkdir -p dir/sub; ln file dir/hard; ln -s ../file dir/link; ln -s /nowhere dangling
            ln -s "$(printf 'x%.0s' {1..150})" longlink
            mkfifo -m 0620 fifo; mknod -m 0660 null c 1 3; mknod -m 0600 disk b 7 200
            chmod 1777 dir; chmod 0500 dir/sub; chown -h 5:6 dir/link
            long=dir/$(printf 'n%.0s' {1..200}); echo long > $long; mkdir -p $long.d/$long.e
            printf 'umlaut' > 'ä ö'; printf 'odd' > 'odd  name'
            truncate -s 1M sparse; printf start | dd of=sparse conv=notrunc status=none
            printf middle | dd of=sparse bs=1 seek=524288 conv=notrunc status=none
            truncate -s 3M allholes; : > empty; head -c 700000 /dev/urandom > random
            touch -h -d '1969-12-31 23:59:58.5' dangling; chown 3000000000:3000000001 empty
            touch -d '2038-02-03 04:05:06' dir/sub; touch -d '1999-09-09 09:09:09.9' dir
            """;

    private void compare(String makeArchive) throws IOException, InterruptedException {
        shell(SOURCE + "cd ..; " + makeArchive);
        // bsdtar comes back to a directory later; without the delay GNU tar has then set the directory's time already
        shell("mkdir reference; tar -xpf archive --xattrs --xattrs-include='*' --same-owner --numeric-owner"
                + " --delay-directory-restore -C reference");
        ImageStore store = ImageStore.open(root);
        Image image = importFile(store, "archive", "difference");
        Path tree = image.layers().getFirst().tree();
        assertThat(Tools.describe(tree)).isEqualTo(Tools.describe(scratch.resolve("reference")));
        assertThat(store.repair().verify()).isEmpty();
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

    @Test
    void agreesWithUmoci() throws IOException, InterruptedException {
        Assumptions.assumeTrue(Tools.has("umoci"), "umoci is not installed");
        shell(SOURCE + "cd ..; tar -cf archive --format=posix --sparse --numeric-owner -C source .");
        Image image = importFile(ImageStore.open(root), "archive", "difference");
        shell("umoci unpack --image store/content:docker.io/library/difference:latest bundle");
        assertThat(Files.exists(scratch.resolve("bundle/rootfs/file"))).isTrue();
        assertThat(Tools.describe(image.layers().getFirst().tree()).stream()
                        .map(line -> line.replace(" | holes", " | "))
                        .toList())
                .isEqualTo(Tools.describe(scratch.resolve("bundle/rootfs")).stream()
                        .map(line -> line.replace(" | holes", " | "))
                        .toList());
    }
}
