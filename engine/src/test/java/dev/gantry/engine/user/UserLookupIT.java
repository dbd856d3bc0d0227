package dev.gantry.engine.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.engine.EngineException.Failed;
import dev.gantry.engine.spec.Identity;
import dev.gantry.kernel.FileStatus;
import dev.gantry.kernel.FileType;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.SafeDirectory;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The expected identities are what dockerd 20.10 gives for the same files, where no comment says otherwise.
@Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UserLookupIT {
    private static final String PASSWD = """
            # accounts
            root:x:0:0:root:/root:/bin/sh
            foo:x:1000:1001:Foo:/home/foo:/bin/sh
            nohome:x:1002:1002::::
            1234:x:55:66:num:/home/num:/bin/sh
            bad
            foo:x:9:9:second:/x:/bin/sh
            toor:x:0:0:other:/toor:/bin/sh
            short:x:30:31
            """;
    private static final String GROUP = """
            root:x:0:root
            foo:x:1001:
            bar:x:50:foo,other
            baz:x:60:foo
            broken
            1234:x:77:
            num:x:88:1234
            """;

    @TempDir
    private Path directory = Path.of("");

    private Path root = Path.of("");

    @BeforeEach
    void writeFiles() throws IOException {
        root = Files.createDirectories(directory.resolve("root"));
        Files.createDirectories(root.resolve("etc"));
        Files.writeString(root.resolve("etc/passwd"), PASSWD);
        Files.writeString(root.resolve("etc/group"), GROUP);
    }

    private Identity resolve(String user, String... groupAdd) throws KernelException {
        try (SafeDirectory safe = SafeDirectory.open(root)) {
            return UserLookup.resolve(safe, user, List.of(groupAdd));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', 0, 0, 0, /root",
        "root, 0, 0, 0, /root",
        "0, 0, 0, 0, /root",
        "foo, 1000, 1001, 1001 50 60, /home/foo",
        "1000, 1000, 1001, 1001 50 60, /home/foo",
        "55, 55, 66, 66 88, /home/num",
        "7777, 7777, 0, 0, /",
        "7777:bar, 7777, 50, 50, /",
        "foo:bar, 1000, 50, 50, /home/foo",
        "1000:50, 1000, 50, 50, /home/foo",
        "1000:999, 1000, 999, 999, /home/foo",
        ":bar, 0, 50, 50, /root",
        "foo:, 1000, 1001, 1001 50 60, /home/foo",
        "nohome, 1002, 1002, 1002, ''",
        "short, 30, 31, 31, ''",
        "toor, 0, 0, 0, /root",
        "007, 7, 0, 0, /",
        "2147483647, 2147483647, 0, 0, /",
    })
    void findsWhomDockerFinds(String user, long uid, long gid, String groups, String home) throws KernelException {
        Identity identity = resolve(user);
        assertThat(identity.uid()).isEqualTo(uid);
        assertThat(identity.gid()).isEqualTo(gid);
        assertThat(identity.groups().stream().map(String::valueOf)).containsExactly(groups.split(" "));
        assertThat(identity.home()).isEqualTo(home);
    }

    @Test
    void addsGroupsByNameAndNumberOnce() throws KernelException {
        assertThat(resolve("foo", "999", "baz").groups()).containsExactly(1001L, 50L, 60L, 999L);
        assertThat(resolve("foo:bar", "50").groups()).containsExactly(50L);
        assertThat(resolve("7777", "999").groups()).containsExactly(0L, 999L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nope", "nope:nope", " foo", "bad", "foo ", "x:0"})
    void refusesUnknownUsersWithDockersText(String user) {
        String name = user.split(":", -1)[0];
        assertThatThrownBy(() -> resolve(user))
                .isInstanceOf(Failed.class)
                .hasMessage("unable to find user " + name + ": no matching entries in passwd file");
    }

    @Test
    void refusesUnknownGroupsWithDockersText() {
        assertThatThrownBy(() -> resolve("foo:nope"))
                .isInstanceOf(Failed.class)
                .hasMessage("unable to find group nope: no matching entries in group file");
        assertThatThrownBy(() -> resolve("", "nope"))
                .isInstanceOf(Failed.class)
                .hasMessage("Unable to find group nope: no matching entries in group file");
        assertThatThrownBy(() -> resolve("", "")).isInstanceOf(Failed.class);
    }

    // CVE-2024-40635 (GHSA-265r-hfxg-fhmg): a number beyond 32 bits became root
    @ParameterizedTest
    @ValueSource(
            strings = {
                "4294967296",
                "2147483648",
                "99999999999:1",
                "18446744073709551616",
                "1:4294967296",
                "1:2147483648",
                "-1",
                "0:-1",
                "foo:99999999999999999999"
            })
    void refusesNumbersThatDoNotFit(String user) {
        assertThatThrownBy(() -> resolve(user))
                .isInstanceOf(Failed.class)
                .hasMessage("uids and gids must be in range 0-2147483647");
    }

    // CVE-2024-40635: so did one in --group-add
    @ParameterizedTest
    @ValueSource(strings = {"4294967296", "2147483648", "-1", "99999999999999999999"})
    void refusesAddedGroupsThatDoNotFit(String group) {
        assertThatThrownBy(() -> resolve("", group))
                .isInstanceOf(Failed.class)
                .hasMessage("uids and gids must be in range 0-2147483647");
    }

    // CVE-2026-46680: an image's account named like a number made that number mean root
    @ParameterizedTest
    @ValueSource(strings = {"1234", "99999999999", "18446744073709551616", "-1", "+5"})
    void neverLooksANumberUpAsAName(String number) throws IOException {
        Files.writeString(root.resolve("etc/passwd"), number + ":x:0:0::/root:/bin/sh\n");
        Files.writeString(root.resolve("etc/group"), number + ":x:0:" + number + "\n");
        boolean fits = number.equals("1234") || number.equals("+5");
        if (fits) {
            long value = Long.parseLong(number);
            Identity identity = resolve(number + ":" + number, number);
            assertThat(identity).isEqualTo(new Identity(value, value, List.of(value), "/"));
        } else {
            assertThatThrownBy(() -> resolve(number)).isInstanceOf(Failed.class);
            assertThatThrownBy(() -> resolve("7:" + number)).isInstanceOf(Failed.class);
            assertThatThrownBy(() -> resolve("7", number)).isInstanceOf(Failed.class);
        }
    }

    // CVE-2024-40635: dockerd makes root of all of these, because a number that it cannot read counts as 0
    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil:x:::e:/e:/bin/sh",
                "evil:x:abc:5::/:",
                "evil",
                "evil:x",
                "evil:x:4294967296:0::/:",
                "evil:x:-1:0::/:",
                "evil:x:5:4294967296::/:",
                "evil:x:2147483648:0::/:"
            })
    void makesNoRootOutOfAMalformedAccount(String line) throws IOException {
        Files.writeString(root.resolve("etc/passwd"), line + "\n");
        assertThatThrownBy(() -> resolve("evil")).isInstanceOf(Failed.class);
    }

    // CVE-2024-40635: dockerd makes the group root out of this
    @Test
    void makesNoRootGroupOutOfAMembership() throws IOException {
        Files.writeString(root.resolve("etc/group"), "huge:x:4294967296:foo\nempty:x::foo\nbar:x:50:foo\n");
        assertThatThrownBy(() -> resolve("foo")).hasMessage("uids and gids must be in range 0-2147483647");
        Files.writeString(root.resolve("etc/group"), "empty:x::foo\nbar:x:50:foo\n");
        assertThat(resolve("foo").groups()).containsExactly(1001L, 50L);
    }

    // CVE-2022-36109: the primary group is always among the supplementary ones
    @ParameterizedTest
    @ValueSource(strings = {"", "foo", "7777", "7777:bar", "0:0", "foo:999"})
    void keepsThePrimaryGroupAmongTheSupplementaryOnes(String user) throws KernelException {
        Identity identity = resolve(user);
        assertThat(identity.groups()).contains(identity.gid()).doesNotHaveDuplicates();
    }

    @Test
    void needsNoFiles() throws IOException {
        Files.delete(root.resolve("etc/passwd"));
        Files.delete(root.resolve("etc/group"));
        assertThat(resolve("")).isEqualTo(new Identity(0, 0, List.of(0L), "/"));
        assertThat(resolve("5:6", "7")).isEqualTo(new Identity(5, 6, List.of(6L, 7L), "/"));
        assertThatThrownBy(() -> resolve("foo")).isInstanceOf(Failed.class);
        Files.delete(root.resolve("etc"));
        Files.writeString(root.resolve("etc"), "a file");
        assertThat(resolve("5")).isEqualTo(new Identity(5, 0, List.of(0L), "/"));
    }

    // GO-2026-5475: unbounded parsing of a group file
    @ParameterizedTest
    @ValueSource(strings = {"etc/passwd", "etc/group"})
    void refusesAFileOfAGigabyteWithoutReadingIt(String file) throws IOException {
        try (var huge = new RandomAccessFile(root.resolve(file).toFile(), "rw")) {
            huge.setLength(1L << 30);
        }
        assertThatThrownBy(() -> resolve("foo"))
                .isInstanceOf(Failed.class)
                .hasMessage("/%s of the container has 1073741824 bytes, limit 10485760", file);
    }

    // GO-2026-5475
    @Test
    void refusesMoreGroupsThanTheKernelTakes() throws IOException {
        var lines = new StringBuilder();
        for (int i = 1; i <= 70_000; i++) {
            lines.append("g:x:").append(i).append(":foo\n");
        }
        Files.writeString(root.resolve("etc/group"), lines);
        assertThatThrownBy(() -> resolve("foo"))
                .isInstanceOf(Failed.class)
                .hasMessageStartingWith("user foo is a member of too many groups");
    }

    @Test
    void readsALineOfMegabytes() throws IOException {
        Files.writeString(root.resolve("etc/group"), "many:x:5:" + "a,".repeat(2_000_000) + "foo\n");
        assertThat(resolve("foo").groups()).containsExactly(1001L, 5L);
    }

    // CVE-2018-15664 and its kin: a link out of the root leads back into it
    @Test
    void followsLinksInsideTheRootOnly() throws IOException {
        Path outside = directory.resolve("passwd");
        Files.writeString(outside, "spy:x:5:5::/:\n");
        for (String target : List.of(outside.toString(), "../../passwd", "/proc/self/root" + outside)) {
            Files.delete(root.resolve("etc/passwd"));
            Files.createSymbolicLink(root.resolve("etc/passwd"), Path.of(target));
            assertThatThrownBy(() -> resolve("spy")).as(target).isInstanceOf(Failed.class);
        }
        Files.delete(root.resolve("etc/passwd"));
        Files.createSymbolicLink(root.resolve("etc/passwd"), Path.of("/usr/passwd"));
        Files.createDirectory(root.resolve("usr"));
        Files.writeString(root.resolve("usr/passwd"), "inside:x:5:6::/in:\n");
        assertThat(resolve("inside")).isEqualTo(new Identity(5, 6, List.of(6L), "/in"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"FIFO", "CHARACTER_DEVICE", "SOCKET"})
    void neitherBlocksOnNorActsOnASpecialFile(FileType type) throws IOException {
        try (SafeDirectory safe = SafeDirectory.open(root)) {
            safe.remove("/etc/passwd");
            // character device 1:9 is /dev/urandom, which has no end
            safe.createNode("/etc/passwd", type, 0666, new FileStatus.Device(1, 9));
        }
        assertThatThrownBy(() -> resolve("foo"))
                .isInstanceOf(Failed.class)
                .hasMessageContaining("/etc/passwd")
                .hasMessageContaining("not a regular file");
    }

    @Test
    void refusesALoopOfLinksAndADirectory() throws IOException {
        Files.delete(root.resolve("etc/passwd"));
        Files.createSymbolicLink(root.resolve("etc/passwd"), Path.of("passwd"));
        assertThatThrownBy(() -> resolve("")).isInstanceOf(Failed.class).hasMessageContaining("ELOOP");
        Files.delete(root.resolve("etc/passwd"));
        Files.createDirectory(root.resolve("etc/passwd"));
        assertThatThrownBy(() -> resolve("")).isInstanceOf(Failed.class);
    }
}
