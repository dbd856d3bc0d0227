package dev.gantry.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.kernel.ffi.Call;
import dev.gantry.kernel.ffi.SystemCall;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SafeDirectoryIT {

    private static final FileStatus.Device NONE = new FileStatus.Device(0, 0);
    private static final byte[] CONTENT = {1, 2, 3};

    @TempDir
    private Path root;

    @AutoClose
    private SafeDirectory tree;

    private long umask;

    @BeforeEach
    void openTree() throws IOException {
        Expect.root();
        tree = SafeDirectory.open(root);
        umask = SystemCall.invoke(Call.UMASK, 0077);
    }

    @AfterEach
    void restoreUmask() {
        SystemCall.invoke(Call.UMASK, umask);
    }

    @Test
    void modesAreExactWhateverTheUmask() throws IOException {
        tree.createFile("file", 04755).close();
        tree.createDirectory("directory", 01777);
        tree.createDirectories("one/two", 0755);
        tree.createNode("fifo", FileType.FIFO, 0666, NONE);
        assertThat(tree.status("file").mode()).isEqualTo(04755);
        assertThat(tree.status("directory").mode()).isEqualTo(01777);
        assertThat(tree.status("one").mode()).isEqualTo(0755);
        assertThat(tree.status("one/two").mode()).isEqualTo(0755);
        assertThat(tree.status("fifo").mode()).isEqualTo(0666);
        tree.chmod("file", 06711);
        assertThat(tree.status("file").mode()).isEqualTo(06711);
    }

    @Test
    void createdFileIsWritableWhateverItsMode() throws IOException {
        try (OwnedFd file = tree.createFile("file", 0)) {
            file.output().write(CONTENT);
        }
        assertThat(tree.readFile("file", 3)).isEqualTo(CONTENT);
        Expect.refusal(Errno.EEXIST, () -> tree.createFile("file", 0600));
    }

    @Test
    void createDirectoriesKeepsWhatIsThere() throws IOException {
        tree.createDirectory("real", 0700);
        tree.createSymlink("real", "link");
        tree.createDirectories("/link/./new//deep/", 0755);
        assertThat(tree.status("real").mode()).isEqualTo(0700);
        assertThat(tree.status("real/new/deep").isDirectory()).isTrue();
        tree.createFile("file", 0600).close();
        Expect.refusal(Errno.ENOTDIR, () -> tree.createDirectories("file/below", 0755));
    }

    @ParameterizedTest
    @EnumSource(names = {"CHARACTER_DEVICE", "BLOCK_DEVICE"})
    void makesDeviceNodes(FileType type) throws IOException {
        FileStatus.Device device = new FileStatus.Device(511, 0x12345);
        tree.createNode("node", type, 0660, device);
        FileStatus made = tree.statusNoFollow("node");
        assertThat(made.type()).isEqualTo(type);
        assertThat(made.special()).isEqualTo(device);
        assertThat(made.mode()).isEqualTo(0660);
    }

    @Test
    void makesOverlayWhiteouts() throws IOException {
        tree.createNode("whiteout", FileType.CHARACTER_DEVICE, 0, NONE);
        assertThat(tree.statusNoFollow("whiteout").special()).isEqualTo(NONE);
    }

    @Test
    void hardLinkIsTheSameFile() throws IOException {
        tree.createFile("first", 0600).close();
        tree.createHardLink("first", "second");
        assertThat(tree.status("second").isSameFileAs(tree.status("first"))).isTrue();
        assertThat(tree.status("first").links()).isEqualTo(2);
    }

    @Test
    void hardLinkToASymlinkIsToTheSymlink() throws IOException {
        tree.createSymlink("nowhere", "link");
        tree.createHardLink("link", "second");
        assertThat(tree.readSymlink("second")).isEqualTo("nowhere");
    }

    @Test
    void ownerAndTimesAreThoseOfTheSymlinkItself() throws IOException {
        Instant accessed = Instant.ofEpochSecond(1_000_000_000, 123_456_789);
        Instant modified = Instant.ofEpochSecond(1_234_567_890, 987_654_321);
        tree.createFile("file", 0600).close();
        FileStatus before = tree.status("file");
        tree.createSymlink("file", "link");
        tree.chown("link", 70_000, 3_000_000_000L);
        tree.setTimes("link", accessed, modified);
        FileStatus link = tree.statusNoFollow("link");
        assertThat(link.uid()).isEqualTo(70_000);
        assertThat(link.gid()).isEqualTo(3_000_000_000L);
        assertThat(link.modified()).isEqualTo(modified);
        assertThat(tree.status("file")).isEqualTo(before);
    }

    @Test
    void timesBefore1970KeepTheirNanoseconds() throws IOException {
        Instant modified = Instant.parse("1969-12-31T23:59:58.123456789Z");
        tree.createFile("file", 0600).close();
        tree.setTimes("file", Instant.EPOCH, modified);
        assertThat(tree.status("file").modified()).isEqualTo(modified);
    }

    @Test
    void chmodRefusesASymlink() throws IOException {
        tree.createFile("file", 0600).close();
        tree.createSymlink("file", "link");
        Expect.refusal(Errno.ELOOP, () -> tree.chmod("link", 0777));
        assertThat(tree.status("file").mode()).isEqualTo(0600);
    }

    @Test
    void extendedAttributesRoundTrip() throws IOException {
        tree.createFile("file", 0).close();
        tree.createSymlink("file", "link");
        tree.setXattr("file", "trusted.gantry.test", CONTENT);
        tree.setXattr("file", "trusted.gantry.empty", new byte[0]);
        tree.setXattr("link", "trusted.gantry.link", CONTENT);
        assertThat(tree.getXattr("file", "trusted.gantry.test")).contains(CONTENT);
        assertThat(tree.getXattr("file", "trusted.gantry.empty")).contains(new byte[0]);
        assertThat(tree.getXattr("file", "trusted.gantry.none")).isEmpty();
        assertThat(tree.listXattrs("file")).contains("trusted.gantry.test", "trusted.gantry.empty");
        assertThat(tree.listXattrs("link")).contains("trusted.gantry.link").doesNotContain("trusted.gantry.test");
    }

    @Test
    void namesThatAreNotUtf8RoundTrip() throws IOException {
        String name = "caf\udce9-\udc80\udcff-é";
        tree.createFile(name, 0600).close();
        tree.createSymlink("\udcfe/\udcc3", "link");
        assertThat(tree.list("/")).containsExactlyInAnyOrder(name, "link");
        assertThat(tree.readSymlink("link")).isEqualTo("\udcfe/\udcc3");
        tree.rename(name, "renamed\udc90");
        assertThat(tree.findStatus(name)).isEmpty();
        tree.remove("renamed\udc90");
        assertThat(tree.list("/")).containsExactly("link");
    }

    @Test
    void listsDirectoriesThatNeedSeveralCalls() throws IOException {
        for (int i = 0; i < 1_500; i++) {
            tree.createSymlink("x", "a-name-of-some-length-to-fill-the-buffer-" + i);
        }
        assertThat(tree.list("")).hasSize(1_500).doesNotHaveDuplicates();
    }

    @Test
    void readFileHasALimit() throws IOException {
        tree.writeFile("file", CONTENT, 0600);
        assertThat(tree.readFile("file", 3)).isEqualTo(CONTENT);
        Expect.refusal(Errno.EFBIG, () -> tree.readFile("file", 2));
    }

    /// A FIFO would block the reader for ever.
    @Test
    void onlyRegularFilesAreReadAndWritten() throws IOException {
        tree.createNode("fifo", FileType.FIFO, 0600, NONE);
        tree.createNode("null", FileType.CHARACTER_DEVICE, 0666, new FileStatus.Device(1, 3));
        Expect.refusal(Errno.EINVAL, () -> tree.readFile("fifo", 10));
        Expect.refusal(Errno.EINVAL, () -> tree.readFile("null", 10));
        Expect.refusal(Errno.EINVAL, () -> tree.readFile("/", 10));
        Expect.refusal(Errno.ENXIO, () -> tree.writeFile("fifo", CONTENT, 0600));
    }

    @Test
    void writeFileReplacesTheContent() throws IOException {
        tree.writeFile("file", new byte[100], 0600);
        tree.writeFile("file", CONTENT, 0600);
        assertThat(tree.readFile("file", 100)).isEqualTo(CONTENT);
    }

    @Test
    void namesOf256BytesAreRefusedAnd255AreNot() throws IOException {
        tree.createFile("é".repeat(127) + "x", 0600).close();
        Expect.refusal(Errno.ENAMETOOLONG, () -> tree.createFile("é".repeat(128), 0600));
    }

    @Test
    void removesFilesAndEmptyDirectoriesOnly() throws IOException {
        tree.createDirectories("full/inner", 0700);
        Expect.refusal(Errno.ENOTEMPTY, () -> tree.remove("full"));
        tree.remove("full/inner/");
        tree.remove("full");
        Expect.refusal(Errno.ENOENT, () -> tree.remove("full"));
        assertThat(root).isEmptyDirectory();
    }

    @Test
    void truncatesAndSeeks() throws IOException {
        try (OwnedFd file = tree.createFile("sparse", 0600)) {
            file.truncate(1 << 20);
            file.seek(1 << 19);
            file.output().write(CONTENT);
        }
        assertThat(tree.status("sparse").size()).isEqualTo(1 << 20);
        assertThat(tree.status("sparse").allocated()).isLessThan(1 << 20);
        assertThat(tree.readFile("sparse", 1 << 20)[(1 << 19) + 2]).isEqualTo((byte) 3);
    }
}
