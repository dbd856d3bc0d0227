package dev.gantry.engine.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.engine.config.ConfigJson;
import dev.gantry.engine.config.ContainerConfig;
import dev.gantry.engine.config.HostConfig;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.image.Execution;
import dev.gantry.oci.image.ImageConfig;
import dev.gantry.oci.runtime.Seccomp;
import dev.gantry.oci.runtime.Spec;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What an image says is data: it gives containers their defaults and changes nothing else.
class HostileImageTest {
    private static final Seccomp FILTER =
            new Seccomp(Seccomp.Action.SCMP_ACT_ERRNO, 1, List.of(), List.of(), null, null, List.of());
    private static final HostFacts FACTS =
            new HostFacts(2, "0-1", "0", CapabilityNames.DEFAULTS, "docker-default", false, new SeccompSource() {
                @Override
                public Seccomp defaults(Set<String> capabilities) {
                    return FILTER;
                }

                @Override
                public Seccomp of(String profile, Set<String> capabilities) throws MalformedException {
                    throw new MalformedException("no profile");
                }
            });

    /// Keys with which other engines were configured by an image, and what ours would look like.
    private static final List<String> INTERNAL_KEYS = List.of(
            "containerd.io/restart.loguri",
            "containerd.io/restart.status",
            "io.containerd.image.name",
            "io.kubernetes.cri.sandbox-id",
            "io.podman.annotations.privileged",
            "io.podman.annotations.seccomp",
            "io.podman.annotations.label",
            "io.podman.annotations.init",
            "io.podman.annotations.autoremove",
            "PODMAN_SYSTEMD_UNIT",
            "io.containers.autoupdate",
            "run.oci.handler",
            "run.oci.keep_original_groups",
            "org.systemd.property.User",
            "org.opencontainers.image.ref.name",
            "dev.gantry.image.parent",
            "dev.gantry.image.stored",
            "dev.gantry.image.tagged",
            "dev.gantry.privileged",
            "com.docker.security.seccomp",
            "HostConfig",
            "Privileged",
            "CapAdd",
            "SecurityOpt",
            "Annotations");

    private static ContainerConfig config(Execution image) {
        return Defaults.container(ConfigJson.mapper().readValue("{}", ContainerConfig.class), image, "abc");
    }

    private static HostConfig host() {
        return Defaults.host(ConfigJson.mapper().readValue("{}", HostConfig.class), Map.of(), false);
    }

    private static Spec build(Execution image) {
        return new SpecBuilder(FACTS)
                .build(new LaunchInput(
                        "abc",
                        config(image),
                        host(),
                        new Identity(0, 0, List.of(0L), "/root"),
                        List.of(),
                        Map.of(),
                        Map.of(),
                        Map.of()));
    }

    private static void check(Execution image) {
        new Validation(FACTS).check(config(image), host(), null);
    }

    private static Execution.Builder image() {
        return new Execution.Builder().cmd(List.of("/bin/sh"));
    }

    // CVE-2026-53488, CVE-2026-94603, CVE-2026-121885: labels and annotations of an image chose loggers, units and
    // sandboxes
    @ParameterizedTest
    @ValueSource(strings = {"true", "1", "unconfined", "ALL", "binary:///bin/sh?-c=id", "{}", "root"})
    void labelsChangeNothingOfTheEffectiveConfiguration(String value) {
        var labels = new LinkedHashMap<String, String>();
        INTERNAL_KEYS.forEach(key -> labels.put(key, value));
        Execution hostile = image().labels(labels).build();
        Spec spec = build(hostile);
        assertThat(spec).isEqualTo(build(image().build()));
        assertThat(spec.annotations()).isEmpty();
        check(hostile);
        assertThat(config(hostile).labels()).isEqualTo(labels);
    }

    // CVE-2026-53488: nor do properties that no image configuration has
    @Test
    void unknownPropertiesOfTheConfigurationChangeNothing() throws MalformedException {
        String plain = """
                {"os": "linux", "architecture": "amd64", "rootfs": {"type": "layers", "diff_ids": []},
                 "config": {"Cmd": ["/bin/sh"]%s}%s}""";
        String inner = """
                , "HostConfig": {"Privileged": true}, "Privileged": true, "CapAdd": ["ALL"], "SecurityOpt":
                ["seccomp=unconfined"], "Binds": ["/:/host"], "Hostname": "x", "NetworkDisabled": true, "Image": "y",
                "Annotations": {"a": "b"}, "Runtime": "evil", "Tty": true, "StopTimeout": 9, "MacAddress": "z\"""";
        String outer =
                ", \"host_config\": {\"Privileged\": true}, \"annotations\": {\"a\": \"b\"}, \"container\": \"c\"";
        Execution one = read(plain.formatted("", "")).config();
        Execution other = read(plain.formatted(inner, outer)).config();
        assertThat(other).isEqualTo(one);
        assertThat(build(other)).isEqualTo(build(one));
    }

    private static ImageConfig read(String document) throws MalformedException {
        return ImageConfig.parse(document.getBytes(StandardCharsets.UTF_8));
    }

    // CVE-2026-57231: a malformed entry took the value from the daemon's own environment
    @Test
    void malformedEnvironmentEntriesLeakNothingOfTheHosts() {
        Map<String, String> daemon = System.getenv();
        assertThat(daemon).containsKey("PATH");
        Execution hostile = image().env(
                        List.of("PATH", "*", "=x", "A", "PATH*", "HOME", "", "=", "LD_*", "J\0=x", "OK=1", "EMPTY="))
                .build();
        Spec spec = build(hostile);
        assertThat(spec.process()).isNotNull();
        assertThat(spec.process().env())
                .containsExactly(
                        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                        "HOSTNAME=abc",
                        "OK=1",
                        "EMPTY=",
                        "HOME=/root");
    }

    // CVE-2024-21626: a working directory among leaked descriptors. The text stays what it is; the runtime leaves no
    // descriptor there and checks where it is after chdir
    @ParameterizedTest
    @ValueSource(
            strings = {"/proc/self/fd/3", "/proc/self/fd/7/../../..", "/../../../proc/1/root", "//proc//self/cwd/"})
    void aWorkingDirectoryIsOnePathBelowTheRoot(String path) {
        Spec spec = build(image().workingDir(path).build());
        assertThat(spec.process()).isNotNull();
        assertThat(spec.process().cwd()).startsWith("/").doesNotContain("..").doesNotContain("//");
        check(image().workingDir(path).build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"relative", "../../x", "~", "proc/self/fd/7"})
    void aRelativeWorkingDirectoryIsRefused(String path) {
        assertThatThrownBy(() -> check(image().workingDir(path).build()))
                .isInstanceOf(Invalid.class)
                .hasMessage("the working directory '" + path + "' is invalid, it needs to be an absolute path");
    }

    @ParameterizedTest
    @ValueSource(strings = {"relative", "../../etc", "", "/", "/..", "/a/../..", "//"})
    void aVolumeOutsideTheRootOrOnItIsRefused(String path) {
        Execution hostile = image().volumes(Set.of(path)).build();
        assertThatThrownBy(() -> MountRequests.of(config(hostile), host())).isInstanceOf(Invalid.class);
    }

    @Test
    void aVolumeIsNeverTakenAsABindOfTheHosts() {
        Execution hostile =
                image().volumes(Set.of("/etc:/host:rw", "/../../etc/shadow")).build();
        assertThat(MountRequests.of(config(hostile), host()))
                .containsExactlyInAnyOrder(
                        MountPlan.Volume.anonymous("/etc:/host:rw"), MountPlan.Volume.anonymous("/etc/shadow"));
    }

    @Test
    void pathsWithANulAreRefused() {
        assertThatThrownBy(() -> check(image().workingDir("/a\0b").build())).isInstanceOf(Invalid.class);
        Execution hostile = image().volumes(Set.of("/a\0b")).build();
        assertThatThrownBy(() -> MountRequests.of(config(hostile), host())).isInstanceOf(Invalid.class);
    }
}
