package dev.gantry.engine.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.engine.config.ConfigJson;
import dev.gantry.engine.config.ContainerConfig;
import dev.gantry.engine.config.HostConfig;
import dev.gantry.oci.image.Execution;
import dev.gantry.oci.runtime.Device;
import dev.gantry.oci.runtime.Linux;
import dev.gantry.oci.runtime.Spec;
import dev.gantry.runtime.explain.Origins;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpecOriginsTest {
    private static final Execution IMAGE = Execution.empty().toBuilder()
            .user("33")
            .workingDir("/srv")
            .env(List.of("A=1"))
            .cmd(List.of("serve"))
            .entrypoint(List.of("/entry"))
            .volumes(Set.of("/data"))
            .build();

    @Test
    void takesWhatIsNotAskedForFromTheImage() {
        Origins origins = origins("{\"Image\":\"web\"}", "{}");

        assertThat(origins.of("root")).isEqualTo("image web");
        assertThat(origins.of("process.user")).isEqualTo("image USER 33");
        assertThat(origins.of("process.cwd")).isEqualTo("image WORKDIR /srv");
        assertThat(origins.of("process.env")).isEqualTo("image ENV");
        assertThat(origins.of("process.args")).isEqualTo("image ENTRYPOINT, image CMD");
        assertThat(origins.of("mounts:/data")).isEqualTo("image VOLUME /data");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "process.user                | --user 1000                  | {\"User\":\"1000\"}",
                "process.cwd                 | --workdir /w                 | {\"WorkingDir\":\"/w\"}",
                "process.args                | image ENTRYPOINT, command line | {\"Cmd\":[\"x\"]}",
                "process.args                | --entrypoint                 | {\"Entrypoint\":[\"x\"]}",
                "process.args                | --entrypoint, command line   | {\"Entrypoint\":[\"x\"],\"Cmd\":[\"y\"]}",
                "process.terminal            | --tty                        | {\"Tty\":true}",
                "hostname                    | --hostname box               | {\"Hostname\":\"box\"}",
                "mounts:/v                   | --volume /v                  | {\"Volumes\":{\"/v\":{}}}",
            })
    void namesTheFlagOfTheProcess(String item, String reason, String config) {
        assertThat(origins(config, "{}").of(item)).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "linux.resources.memory.limit   | --memory 64m          | {\"Memory\":67108864}",
                "linux.resources.memory.swap    | --memory 64m          | {\"Memory\":67108864}",
                "linux.resources.memory.swap    | --memory-swap -1      | {\"Memory\":67108864,\"MemorySwap\":-1}",
                "linux.resources.cpu.quota      | --cpus 1.5            | {\"NanoCpus\":1500000000}",
                "linux.resources.cpu.cpus       | --cpuset-cpus 0-1     | {\"CpusetCpus\":\"0-1\"}",
                "linux.resources.pids.limit     | --pids-limit 7        | {\"PidsLimit\":7}",
                "process.capabilities           | --cap-add NET_ADMIN --cap-drop ALL | {\"CapAdd\":[\"NET_ADMIN\"],\"CapDrop\":[\"ALL\"]}",
                "process.capabilities           | --privileged          | {\"Privileged\":true}",
                "linux.resources.devices        | default, --privileged | {\"Privileged\":true}",
                "process.noNewPrivileges        | --security-opt no-new-privileges | {\"SecurityOpt\":[\"no-new-privileges\"]}",
                "linux.seccomp                  | --security-opt seccomp=unconfined | {\"SecurityOpt\":[\"seccomp=unconfined\"]}",
                "linux.seccomp                  | --security-opt seccomp=profile | {\"SecurityOpt\":[\"seccomp={}\"]}",
                "root.readonly                  | --read-only           | {\"ReadonlyRootfs\":true}",
                "mounts:/t                      | --tmpfs /t:size=1m    | {\"Tmpfs\":{\"/t\":\"size=1m\"}}",
                "mounts:/b                      | --volume /a:/b:ro     | {\"Binds\":[\"/a:/b:ro\"]}",
                "mounts:/m                      | --mount type=bind,source=/a,target=/m,readonly | {\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/a\",\"Target\":\"/m\",\"ReadOnly\":true}]}",
                "mounts:/dev/shm                | --shm-size 1g         | {\"ShmSize\":1073741824}",
                "mounts:/dev/shm                | --ipc host            | {\"IpcMode\":\"host\"}",
                "linux.namespaces:pid           | --pid host            | {\"PidMode\":\"host\"}",
                "linux.sysctl:net.ipv4.ip_forward | --sysctl net.ipv4.ip_forward=1 | {\"Sysctls\":{\"net.ipv4.ip_forward\":\"1\"}}",
                "process.rlimits:RLIMIT_NOFILE  | --ulimit nofile=10:20 | {\"Ulimits\":[{\"Name\":\"nofile\",\"Soft\":10,\"Hard\":20}]}",
                "process.oomScoreAdj            | --oom-score-adj 500   | {\"OomScoreAdj\":500}",
                "process.user                   | image USER 33 --group-add 5 | {\"GroupAdd\":[\"5\"]}",
                "init                           | --init                | {\"Init\":true}",
            })
    void namesTheFlagOfTheHostsPart(String item, String reason, String host) {
        assertThat(origins("{}", host).of(item)).isEqualTo(reason);
    }

    @Test
    void namesTheDeviceThatBroughtANode() {
        String host = "{\"Devices\":[{\"PathOnHost\":\"/dev/snd\",\"PathInContainer\":\"/dev/snd\","
                + "\"CgroupPermissions\":\"rw\"}]}";

        assertThat(origins("{}", host).of("linux.devices:/dev/snd/timer")).isEqualTo("--device /dev/snd:/dev/snd:rw");
    }

    @Test
    void callsEverythingElseADefault() {
        Origins origins = origins("{}", "{\"NetworkMode\":\"default\",\"MemorySwappiness\":-1,\"PidsLimit\":0}");

        for (String item : List.of(
                "linux.namespaces:network",
                "linux.resources.memory.swappiness",
                "linux.resources.pids.limit",
                "linux.resources.devices",
                "process.capabilities",
                "mounts:/proc")) {
            assertThat(origins.of(item)).as(item).isEqualTo("default");
        }
    }

    private static Origins origins(String config, String host) {
        var mapper = ConfigJson.mapper();
        return new SpecOrigins(
                        mapper.readValue(config, ContainerConfig.class),
                        mapper.readValue(host, HostConfig.class),
                        IMAGE,
                        specWithSoundDevice())
                .origins();
    }

    private static Spec specWithSoundDevice() {
        Linux linux = new Linux(
                List.of(),
                List.of(),
                Map.of(),
                null,
                null,
                List.of(),
                List.of(new Device("/dev/snd/timer", "c", 116L, 33L, null, null, null)),
                Map.of(),
                null,
                null,
                List.of(),
                List.of(),
                null,
                null,
                null,
                null,
                Map.of());
        return new Spec(Spec.VERSION, null, null, null, null, List.of(), null, Map.of(), linux);
    }
}
