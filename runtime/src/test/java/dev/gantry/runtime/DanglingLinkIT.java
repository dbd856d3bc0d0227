package dev.gantry.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.oci.runtime.Mount;
import dev.gantry.oci.runtime.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Images with links to what is not there, where something is mounted.
@Timeout(60)
class DanglingLinkIT {
    private static final Mount RUN = new Mount("/run", "tmpfs", "tmpfs", List.of("mode=755"));

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

    private void link(String path, String target) throws IOException {
        Path place = host.fresh("image").resolve(path);
        Files.createDirectories(place.getParent());
        Files.createSymbolicLink(place, Path.of(target));
    }

    private TestHost.Ended run(boolean users, String script, Mount... mounts) throws Exception {
        Spec spec = TestHost.spec("sh", "-c", script);
        List<Mount> all = new ArrayList<>(spec.mounts());
        all.addAll(List.of(mounts));
        Spec with = spec.withMounts(all);
        return host.run(users ? TestHost.withUserNamespace(with) : with);
    }

    private Mount bind(Path source, String place) {
        return new Mount(place, "bind", source.toString(), List.of("rbind"));
    }

    /// As images of distributions with systemd have it.
    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void takeTheFilesThatTellNames(boolean users, boolean overRun) throws Exception {
        link("etc/resolv.conf", "../run/systemd/resolve/stub-resolv.conf");
        link("etc/hosts", "/nowhere/hosts");
        Path resolver = Files.writeString(host.fresh("files").resolve("resolv.conf"), "nameserver 192.0.2.1\n");
        Path hosts = Files.writeString(host.fresh("files").resolve("hosts"), "192.0.2.2 two\n");
        List<Mount> mounts = new ArrayList<>(overRun ? List.of(RUN) : List.of());
        mounts.add(bind(resolver, "/etc/resolv.conf"));
        mounts.add(bind(hosts, "/etc/hosts"));

        TestHost.Ended ended = run(
                users,
                "cat /etc/resolv.conf /etc/hosts; stat -c '%u %a' /run/systemd /nowhere",
                mounts.toArray(Mount[]::new));

        assertThat(ended).isEqualTo(new TestHost.Ended(0, "nameserver 192.0.2.1\n192.0.2.2 two\n0 755\n0 755\n", ""));
    }

    /// Whatever the image has there, a mount covers it.
    @Test
    void takeFilesWhereAMountHidesWhatTheLinkLeadsTo() throws Exception {
        link("etc/resolv.conf", "../run/systemd/resolve/stub-resolv.conf");
        host.script("run/systemd/resolve/stub-resolv.conf", "hidden");
        Path resolver = Files.writeString(host.fresh("files").resolve("resolv.conf"), "mounted");

        assertThat(run(false, "cat /etc/resolv.conf", RUN, bind(resolver, "/etc/resolv.conf"))
                        .output())
                .isEqualTo("mounted");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void takeDirectoriesAndFileSystems(boolean users) throws Exception {
        link("dang", "/nowhere/deep");
        link("srv/memory", "../elsewhere/memory");
        link("chain", "other/further");
        link("other", "/nowhere/chained");
        Path source = host.fresh("source");
        Files.writeString(source.resolve("file"), "content\n");

        TestHost.Ended ended = run(
                users,
                "cat /nowhere/deep/file /chain/file; grep -c ' /elsewhere/memory tmpfs ' /proc/mounts;"
                        + " stat -L -c %a /srv/memory; stat -c %u /nowhere",
                bind(source, "/dang"),
                new Mount("/srv/memory", "tmpfs", "tmpfs", List.of()),
                bind(source, "/chain/"));

        assertThat(ended.error()).isEmpty();
        assertThat(ended.output()).isEqualTo("content\ncontent\n1\n1777\n0\n");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void areWorkedIn(boolean users) throws Exception {
        link("dang", "/nowhere/deep");
        Spec spec = TestHost.with(TestHost.spec("sh", "-c", "pwd -P"), "process.cwd", "/dang/work");

        assertThat(host.run(users ? TestHost.withUserNamespace(spec) : spec))
                .isEqualTo(new TestHost.Ended(0, "/nowhere/deep/work\n", ""));
    }

    /// What the image alone would lead to is not made where a mount has no link.
    @Test
    void areNotFollowedWhereAMountCoversThem() throws Exception {
        link("data/x", "/nowhere");
        Path source = host.fresh("source");

        TestHost.Ended ended =
                run(false, "ls -d /data/x /nowhere", bind(host.fresh("data"), "/data"), bind(source, "/data/x"));

        assertThat(ended.output()).isEqualTo("/data/x\n");
    }
}
