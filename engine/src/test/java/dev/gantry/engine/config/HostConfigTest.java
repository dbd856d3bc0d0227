package dev.gantry.engine.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HostConfigTest {
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    @Test
    void readsDockersFieldsSideBySide() {
        HostConfig host = JSON.readValue("""
                {"Binds":["/a:/b:ro"],"Memory":6291456,"NetworkMode":"none","UTSMode":"host","CapAdd":["NET_ADMIN"],
                 "Init":true,"Ulimits":[{"Name":"nofile","Soft":1,"Hard":2}],"BlkioDeviceReadIOps":[{"Path":"/dev/x","Rate":5}],
                 "RestartPolicy":{"Name":"always"},"Unknown":1}
                """, HostConfig.class);

        assertThat(host.storage().binds()).containsExactly("/a:/b:ro");
        assertThat(host.resources().memory()).isEqualTo(6291456);
        assertThat(host.network().networkMode()).isEqualTo("none");
        assertThat(host.namespaces().utsMode()).isEqualTo("host");
        assertThat(host.security().capAdd()).containsExactly("NET_ADMIN");
        assertThat(host.resources().blkioDeviceReadIops()).hasSize(1);
        assertThat(host.restartPolicy()).isEqualTo(new RestartPolicy("always", 0));
        assertThat(host.init()).isTrue();
    }

    @Test
    void takesAnEmptyObject() {
        HostConfig host = JSON.readValue("{}", HostConfig.class);

        assertThat(host.storage().binds()).isEmpty();
        assertThat(host.consoleSize()).isEqualTo(List.of(0, 0));
        assertThat(host.resources().pidsLimit()).isNull();
    }

    @Test
    void survivesItsOwnJson() {
        HostConfig host = JSON.readValue(
                "{\"Memory\":7,\"Tmpfs\":{\"/run\":\"rw\"},\"PidMode\":\"host\",\"Mounts\":[{\"Type\":\"tmpfs\",\"Target\":\"/x\"}]}",
                HostConfig.class);

        assertThat(JSON.readValue(JSON.writeValueAsString(host), HostConfig.class))
                .isEqualTo(host);
    }

    @Test
    void showsTheFieldsThatInspectAlwaysHas() {
        JsonNode json = JSON.valueToTree(JSON.readValue("{}", HostConfig.class));

        assertThat(json.propertyNames())
                .contains("Binds", "ContainerIDFile", "LogConfig", "NetworkMode", "PortBindings", "RestartPolicy")
                .contains("AutoRemove", "ConsoleSize", "CapAdd", "CgroupnsMode", "IpcMode", "PidMode", "Privileged")
                .contains("UTSMode", "UsernsMode", "ShmSize", "Runtime", "Isolation", "CpuShares", "Memory", "NanoCpus")
                .contains("BlkioDeviceReadIOps", "IOMaximumIOps", "MaskedPaths", "ReadonlyPaths", "PidsLimit")
                .doesNotContain("Storage", "Resources", "Init", "Sysctls", "Tmpfs", "Mounts");
    }
}
