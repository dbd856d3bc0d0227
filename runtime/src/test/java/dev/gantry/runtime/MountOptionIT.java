package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gantry.kernel.Mounts;
import dev.gantry.oci.runtime.IdMapping;
import dev.gantry.oci.runtime.Mount;
import dev.gantry.oci.runtime.Namespace;
import dev.gantry.oci.runtime.Spec;
import dev.gantry.runtime.explain.Origins;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every kind and option of mounts.
@Timeout(60)
class MountOptionIT {
    private TestHost host;

    @BeforeEach
    void makeHost() throws Exception {
        host = new TestHost();
    }

    @AfterEach
    void removeHost() throws Exception {
        assertThat(host.leftBehind()).isEmpty();
        assertThat(host.cgroups()).isEmpty();
        host.close();
    }

    private static Spec with(Spec spec, Mount... more) {
        List<Mount> all = new ArrayList<>(spec.mounts());
        all.addAll(List.of(more));
        return spec.withMounts(all);
    }

    private TestHost.Ended run(String script, Mount... mounts) throws Exception {
        return host.run(with(TestHost.spec("sh", "-c", script), mounts));
    }

    @Test
    void copyUpFillsATmpfsWithWhatItCovers() throws Exception {
        host.script("srv/deep/file", "content");

        TestHost.Ended ended = run(
                "cat /srv/deep/file; stat -c %a /srv/deep/file; echo more > /srv/new; mount | grep ' /srv '",
                new Mount("/srv", "tmpfs", "tmpfs", List.of("tmpcopyup", "nosuid", "size=1m")));

        assertThat(ended.output()).startsWith("content755\ntmpfs on /srv type tmpfs (rw,nosuid,relatime,size=1024k");
    }

    /// Its file system is made outside of the container's user namespace.
    @Test
    void copyUpBelongsToWhomTheContainerMeans() throws Exception {
        host.script("srv/file", "content");
        String script = "stat -c %u:%g /new /owned /srv; touch /new/x /owned/x /srv/x; cat /srv/file";
        Spec spec = with(
                TestHost.withUserNamespace(TestHost.spec("sh", "-c", script)),
                new Mount("/new", "tmpfs", "tmpfs", List.of("tmpcopyup", "mode=755")),
                new Mount("/owned", "tmpfs", "tmpfs", List.of("tmpcopyup", "uid=7", "gid=0x8", "mode=755")),
                new Mount("/srv", "tmpfs", "tmpfs", List.of("tmpcopyup")));

        assertThat(host.run(spec)).isEqualTo(new TestHost.Ended(0, "0:0\n7:8\n0:0\ncontent", ""));
    }

    @Test
    void copyUpRefusesOwnersWhomNobodyIs() throws Exception {
        Spec spec = TestHost.withUserNamespace(TestHost.spec("true"));
        Mount mount = new Mount("/new", "tmpfs", "tmpfs", List.of("tmpcopyup", "gid=65536"));

        assertThatThrownBy(() -> host.run(with(spec, mount)))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining("/new: gid=65536 is not mapped in the container's user namespace");
    }

    private static final String OF_DEV = "nosuid,strictatime,mode=755,size=65536k";

    private static final String READ_ONLY_TMPFS = "stat -c %a /srv; cat /srv/file; ls /srv/below; touch /srv/x;"
            + " touch /srv/below/x && echo written; grep ' /srv ' /proc/self/mountinfo"
            + " | while read a b c d e options rest; do echo $options ${rest#*- }; done";

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readOnlyTmpfsCoversADirectoryAndHoldsOtherMounts(boolean users) throws Exception {
        host.script("srv/file", "covered\n");
        for (boolean copied : List.of(false, true)) {
            Spec spec = with(
                    TestHost.spec("sh", "-c", READ_ONLY_TMPFS),
                    new Mount("/srv", "tmpfs", "t", copied ? List.of("ro", "tmpcopyup") : List.of("ro")),
                    new Mount("/srv/below", "tmpfs", "tmpfs", List.of()));

            TestHost.Ended ended = host.run(users ? TestHost.withUserNamespace(spec) : spec);

            assertThat(ended.output())
                    .startsWith("755\n" + (copied ? "covered\n" : "") + "written\nro,relatime tmpfs t rw");
            assertThat(ended.error()).contains("/srv/x: Read-only file system");
        }
    }

    @Test
    void readOnlyTmpfsWithACopyWorksInAJoinedPidNamespace() throws Exception {
        host.script("srv/file", "covered\n");
        Spec spec = TestHost.withNamespace(
                TestHost.spec("sh", "-c", "cat /srv/file; touch /srv/x"), Namespace.Type.PID, "/proc/self/ns/pid");

        TestHost.Ended ended = host.run(with(spec, new Mount("/srv", "tmpfs", "t", List.of("ro", "tmpcopyup"))));

        assertThat(ended.output()).isEqualTo("covered\n");
        assertThat(ended.error()).contains("/srv/x: Read-only file system");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readOnlyDevIsFilledFirst(boolean users) throws Exception {
        Spec spec = TestHost.spec("sh", "-c", "echo x > /dev/null; ls /dev/zero /dev/ptmx; touch /dev/x");
        spec = spec.withMounts(spec.mounts().stream()
                .map(each -> each.destination().equals("/dev")
                        ? new Mount("/dev", "tmpfs", "tmpfs", List.of((OF_DEV + ",ro").split(",")))
                        : each)
                .toList());

        TestHost.Ended ended = host.run(users ? TestHost.withUserNamespace(spec) : spec);

        assertThat(ended.error()).isEqualTo("touch: /dev/x: Read-only file system\n");
    }

    private static final String DEVICES = "echo x > /dev/null; head -c 2 /dev/zero | wc -c;"
            + " stat -c '%n %F %a %u' /dev/zero /dev/foo /etc/foo; readlink /dev/fd";

    private static final String MADE = """
            2
            /dev/zero character special file 666 0
            /dev/foo character special file 640 0
            /etc/foo character special file 640 0
            /proc/self/fd
            """;

    /// The default spec with devices, and its `/dev` mounted elsewhere; without one, and all below it, for null.
    private static Spec withDevices(String dev) throws Exception {
        Spec spec = TestHost.spec("sh", "-c", DEVICES);
        List<Mount> mounts = new ArrayList<>();
        for (Mount each : spec.mounts()) {
            if (dev != null && each.destination().equals("/dev")) {
                mounts.add(new Mount(dev, each.type(), each.source(), each.options()));
            } else if (dev != null || !each.destination().startsWith("/dev")) {
                mounts.add(each);
            }
        }
        Map<String, Object> foo = Map.of("path", "/dev/foo", "type", "c", "major", 1, "minor", 3, "fileMode", 0640);
        Map<String, Object> other = new HashMap<>(foo);
        other.put("path", "/etc/foo");
        return TestHost.with(spec.withMounts(mounts), "linux.devices", List.of(foo, other));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/dev/", "dev", "//dev/.", "/x/../dev"})
    void devicesAreMadeHoweverDevIsWritten(String dev) throws Exception {
        host.fresh("image/x");
        host.fresh("image/etc");

        assertThat(host.run(withDevices(dev))).isEqualTo(new TestHost.Ended(0, MADE, ""));
        Spec users = TestHost.withUserNamespace(TestHost.with(withDevices(dev), "linux.devices", List.of()));
        assertThat(host.run(users).output()).startsWith("2\n/dev/zero character special file 666 0\n");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void devicesAreMadeInTheRootWhereNothingIsMountedOnDev(boolean readOnly) throws Exception {
        Spec spec = TestHost.with(withDevices(null), "root.readonly", readOnly);

        assertThat(host.run(spec)).isEqualTo(new TestHost.Ended(0, MADE, ""));
    }

    @Test
    void devicesOfTheRootStayAsTheyAre() throws Exception {
        host.script("dev/zero", "kept\n");
        Spec spec = withDevices(null);
        spec = spec.withProcess(spec.process().withArgs(List.of("sh", "-c", "cat /dev/zero")));

        assertThat(host.run(spec)).isEqualTo(new TestHost.Ended(0, "kept\n", ""));
    }

    @Test
    void devicesAreNotMadeThroughALink() throws Exception {
        Path outside = host.fresh("outside");
        Files.createSymbolicLink(host.fresh("image").resolve("dev"), outside);
        host.fresh("image" + outside);

        for (Spec spec : List.of(withDevices(null), TestHost.withUserNamespace(withDevices(null)))) {
            assertThatThrownBy(() -> host.run(spec))
                    .isInstanceOf(LaunchException.class)
                    .hasMessageContaining("open /dev: openat2: ELOOP");
        }
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void devicesAreMadeInTheRootOfAUserNamespaceToo() throws Exception {
        Path root = host.fresh("image");
        TestHost.command("chown", "-hR", "100000:100000", root.toString());
        Spec spec = TestHost.withUserNamespace(withDevices(null));

        TestHost.Ended ended = host.run(new ContainerLaunch(
                "c" + UUID.randomUUID(),
                spec,
                host.runtime().mount(new RootFileSystem.Directory(root)),
                true,
                false,
                Origins.NONE));

        assertThat(ended).isEqualTo(new TestHost.Ended(0, MADE, ""));
    }

    @Test
    void idmapShowsOtherOwnersOfABindMount() throws Exception {
        Path source = host.fresh("source");
        Files.writeString(source.resolve("file"), "");
        List<IdMapping> map = List.of(new IdMapping(0, 5000, 10));

        TestHost.Ended ended = run(
                "stat -c %u:%g /data/file; stat -c %u:%g /plain/file",
                new Mount("/data", "bind", source.toString(), List.of("bind", "idmap"), map, map),
                new Mount("/plain", "bind", source.toString(), List.of("bind")));

        assertThat(ended).isEqualTo(new TestHost.Ended(0, "5000:5000\n0:0\n", ""));
    }

    @Test
    void idmapWithoutMapsTakesTheContainersAndRidmapTheWholeTree() throws Exception {
        Path source = host.fresh("source");
        Path below = Files.createDirectory(source.resolve("below"));
        Files.writeString(source.resolve("file"), "");
        TestHost.command("mount", "-t", "tmpfs", "tmpfs", below.toString());
        try {
            Files.writeString(below.resolve("file"), "");
            Spec spec = with(
                    TestHost.withUserNamespace(TestHost.spec(
                            "sh",
                            "-c",
                            "for d in tree one; do stat -c %u /$d/file /$d/below/file; done; touch /tree/new")),
                    new Mount("/tree", "bind", source.toString(), List.of("rbind", "ridmap")),
                    new Mount("/one", "bind", source.toString(), List.of("rbind", "idmap")));

            assertThat(host.run(spec)).isEqualTo(new TestHost.Ended(0, "0\n0\n0\n65534\n", ""));
            assertThat(Files.getAttribute(source.resolve("new"), "unix:uid")).isEqualTo(0);
        } finally {
            TestHost.command("umount", below.toString());
        }
    }

    @Test
    void attributesReachTheWholeTreeWhenTheyAreRecursive() throws Exception {
        Path source = host.fresh("source");
        Path below = Files.createDirectory(source.resolve("below"));
        TestHost.command("mount", "-t", "tmpfs", "tmpfs", below.toString());
        try {
            String script = "touch /tree/x /tree/below/x 2>&1 | wc -l; touch /one/below/x && echo written;"
                    + " mount | grep -E ' /(tree|one)/below' | sed 's/.*(//; s/,relatime.*//'";
            TestHost.Ended ended = run(
                    script.replace("sed", "busybox sed"),
                    new Mount(
                            "/tree",
                            "bind",
                            source.toString(),
                            List.of("rbind", "rro", "rnosuid", "rnoexec", "rnodev")),
                    new Mount("/one", "bind", source.toString(), List.of("rbind", "ro")));

            assertThat(ended.output()).isEqualTo("2\nwritten\nro,nosuid,nodev,noexec\nrw\n");
        } finally {
            TestHost.command("umount", below.toString());
        }
    }

    @Test
    void propagationIsThatOfEachMount() throws Exception {
        Path source = host.fresh("source");
        String script = "grep -E ' /(shared|slave|private|unbindable|memory) ' /proc/self/mountinfo"
                + " | while read a b c d place f g rest; do echo $place ${g%%:*}; done";

        TestHost.Ended ended = run(
                script,
                new Mount("/shared", "bind", source.toString(), List.of("rbind", "rshared")),
                new Mount("/slave", "bind", source.toString(), List.of("rbind", "rslave")),
                new Mount("/private", "bind", source.toString(), List.of("rbind", "rprivate")),
                new Mount("/unbindable", "bind", source.toString(), List.of("bind", "unbindable")),
                new Mount("/memory", "tmpfs", "tmpfs", List.of("shared")));

        assertThat(ended.output().lines())
                .contains("/shared shared", "/private -", "/unbindable unbindable", "/memory shared");
    }

    /// The root would cover it, unseen.
    @ParameterizedTest
    @ValueSource(strings = {"/", "//.", "/x/.."})
    void nothingIsMountedOnTheRoot(String destination) throws Exception {
        Path source = host.fresh("source");
        for (Mount each : List.of(
                new Mount(destination, "bind", source.toString(), List.of("rbind")),
                new Mount(destination, "tmpfs", "tmpfs", List.of()))) {
            assertThatThrownBy(() -> run("true", each))
                    .isInstanceOf(LaunchException.class)
                    .hasMessage("mounts.destination: " + destination + " is the root itself, which root.path names");
        }
    }

    @Test
    void rootsHaveThePropagationThatIsAskedFor() throws Exception {
        for (String each : List.of("private", "shared", "slave", "unbindable")) {
            Spec spec = TestHost.with(
                    TestHost.spec("sh", "-c", "grep ' / / ' /proc/self/mountinfo || exit 0"),
                    "linux.rootfsPropagation",
                    each);
            String line = host.run(spec).output();
            assertThat(line.contains(" shared:")).isEqualTo(each.equals("shared"));
            assertThat(line.contains(" unbindable")).isEqualTo(each.equals("unbindable"));
        }
    }

    @Test
    void devicesAndFilesOfTheHostAreLookedUpThere() throws Exception {
        Path image = host.fresh("image-file").resolve("disk");
        TestHost.command(
                "sh", "-c", "dd if=/dev/zero of=" + image + " bs=1M count=4 2>/dev/null && mkfs.ext4 -q " + image);
        Path lower = host.fresh("lower");
        Files.writeString(lower.resolve("file"), "below");
        java.lang.Process losetup = new ProcessBuilder("losetup", "-f", "--show", image.toString()).start();
        String loop = new String(losetup.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(losetup.waitFor()).isZero();
        try {
            TestHost.Ended ended = run(
                    "mount | grep ' /disk ' | head -n 1; cat /over/file; touch /disk/x; ls /disk",
                    new Mount("/disk", "ext4", loop, List.of("nosuid")),
                    new Mount("/over", "overlay", "overlay", List.of("lowerdir=" + lower + ":" + host.fresh("other"))));

            assertThat(ended.output())
                    .startsWith(loop + " on /disk type ext4 (rw,nosuid")
                    .contains("below", "\nx\n");
        } finally {
            TestHost.command("losetup", "-d", loop);
        }
    }

    @Test
    void layersOfAnOverlayMayBeLongTogether() throws Exception {
        assumeTrue(Mounts.namesLayersOneByOne(), "host: its overlays take no layers one by one");
        List<String> layers = new ArrayList<>();
        for (String name :
                List.of("plain" + "x".repeat(100), "col:on" + "y".repeat(100), "back\\slash" + "z".repeat(80))) {
            Path layer = host.fresh(name);
            Files.writeString(layer.resolve(name.substring(0, 4)), "");
            layers.add(layer.toString().replace("\\", "\\\\").replace(":", "\\:"));
        }
        Mount over = new Mount("/over", "overlay", "overlay", List.of("lowerdir=" + String.join(":", layers)));

        TestHost.Ended ended = run("ls /over; grep -c ' /over ' /proc/self/mountinfo", over);

        assertThat(ended).isEqualTo(new TestHost.Ended(0, "back\ncol:\nplai\n1\n", ""));
    }

    @Test
    void valuesThatAreTooLongForTheKernelAreRefusedByName() {
        String more = "x".repeat(256);
        List<Mount> wrong = List.of(
                new Mount("/data", "overlay", "o", List.of("lowerdir=/a:/b", "upperdir=/" + more, "workdir=/w")),
                new Mount("/data", "overlay", "o", List.of("lowerdir=/a:/" + more)),
                new Mount("/data", "tmpfs", more, List.of()),
                new Mount("/data", "tmpfs", "tmpfs", List.of("tmpcopyup", "mode=" + more)),
                new Mount("/data", "tmpfs", "tmpfs", List.of(more)));
        List<String> names = List.of(
                "option \"upperdir\" has 257 bytes",
                "option \"lowerdir+\" has 257 bytes",
                "source has 256 bytes",
                "option \"mode\" has 256 bytes",
                "name of option \"" + more + "\" has 256 bytes");
        for (int i = 0; i < wrong.size(); i++) {
            Mount each = wrong.get(i);
            String name = names.get(i);
            assertThatThrownBy(() -> run("true", each))
                    .isInstanceOf(LaunchException.class)
                    .hasMessageContaining("/data: " + name + ", the kernel takes 255");
        }
    }

    /// As with runc, and as mount(2) has it.
    @Test
    void optionsOfFileSystemsChangeNothingOfBindMounts() throws Exception {
        Mount bound = new Mount("/data", "bind", host.fresh("source").toString(), List.of("bind", "size=1m"));

        assertThat(run("true", bound).code()).isZero();

        assertThat(host.warnings()).contains("/data: option [size=1m] means nothing for a bind mount");
    }

    @Test
    void optionsThatCannotBeDoneAreRefusedByName() throws Exception {
        String source = host.fresh("source").toString();
        List<Mount> wrong = List.of(
                new Mount("/data", "bind", source, List.of("bind", "remount")),
                new Mount("/data", "bind", source, List.of("bind", "idmap")),
                new Mount("/data", "tmpfs", "tmpfs", List.of("idmap")),
                new Mount("/data", "tmpfs", "tmpfs", List.of("iversion")));
        for (Mount each : wrong) {
            assertThatThrownBy(() -> run("true", each))
                    .isInstanceOf(LaunchException.class)
                    .hasMessageContaining("/data: ");
        }
    }

    @Test
    void namespacesOfMountsAreJoinedByPath() throws Exception {
        RunningContainer other = host.start("sh", "-c", "echo theirs > /tmp/file; sleep 1000");
        try {
            Path path = Path.of("/proc/" + other.pid() + "/ns/mnt");
            TestHost.await(
                    "the file",
                    () -> TestHost.exec(other, "cat", "/tmp/file").output().equals("theirs\n"));
            Spec spec = TestHost.withNamespace(
                    TestHost.spec("sh", "-c", "cat /tmp/file; readlink /proc/self/ns/mnt; ls /proc/self/fd | wc -l"),
                    Namespace.Type.MOUNT,
                    path.toString());
            spec = TestHost.withNamespace(spec, Namespace.Type.PID, "/proc/" + other.pid() + "/ns/pid");
            assertThatThrownBy(() -> host.run(
                            TestHost.withNamespace(TestHost.spec("true"), Namespace.Type.MOUNT, path.toString())))
                    .hasMessageContaining("mount namespace that is joined");
            spec = spec.withMounts(List.of());
            for (String item : List.of("linux.maskedPaths", "linux.readonlyPaths", "linux.devices", "root.readonly")) {
                spec = TestHost.with(spec, item, null);
            }
            spec = TestHost.with(spec, "hostname", null);

            assertThat(host.run(spec))
                    .isEqualTo(new TestHost.Ended(0, "theirs\n" + Files.readSymbolicLink(path) + "\n4\n", ""));
        } finally {
            TestHost.remove(other);
        }
    }

    @Test
    void ofAnotherProcessAreBoundByItsDirectoryInProcfs() throws Exception {
        RunningContainer other = host.start("sh", "-c", "echo shared > /dev/shm/file; sleep 1000");
        try {
            TestHost.await(
                    "the file",
                    () -> TestHost.exec(other, "cat", "/dev/shm/file").output().equals("shared\n"));
            Mount shm = new Mount("/dev/shm", "bind", "/proc/" + other.pid() + "/root/dev/shm", List.of("bind"));

            assertThat(run("cat /dev/shm/file; echo back > /dev/shm/file", shm).output())
                    .isEqualTo("shared\n");
            assertThat(TestHost.exec(other, "cat", "/dev/shm/file").output()).isEqualTo("back\n");
        } finally {
            TestHost.remove(other);
        }
    }
}
