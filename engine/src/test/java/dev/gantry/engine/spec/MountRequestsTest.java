package dev.gantry.engine.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.engine.EngineException;
import dev.gantry.engine.config.ConfigJson;
import dev.gantry.engine.config.ContainerConfig;
import dev.gantry.engine.config.HostConfig;
import dev.gantry.engine.spec.MountPlan.Bind;
import dev.gantry.engine.spec.MountPlan.BindMode;
import dev.gantry.engine.spec.MountPlan.Tmpfs;
import dev.gantry.engine.spec.MountPlan.Volume;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MountRequestsTest {
    @Test
    void readsBinds() {
        assertThat(MountRequests.bind("/a/../b:/c/:ro,rslave,Z"))
                .isEqualTo(new Bind("/b", "/c", true, new BindMode(true, "rslave", true, true), "ro,rslave,Z"));
        assertThat(MountRequests.bind("/a:/c"))
                .isEqualTo(new Bind("/a", "/c", true, new BindMode(false, "rprivate", true, true), ""));
        assertThat(MountRequests.bind("/cache")).isEqualTo(new Volume("/cache", false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":/a", "/a:", "/a:/b:ro:x", "/a:b", "/a:/"})
    void refusesOtherBinds(String text) {
        assertThatThrownBy(() -> MountRequests.bind(text)).isInstanceOf(EngineException.Invalid.class);
    }

    @ParameterizedTest
    @CsvSource({"'ro,rw'", "nonsense", "'rprivate,rslave'"})
    void refusesModesThatContradictThemselves(String mode) {
        assertThatThrownBy(() -> MountRequests.bind("/a:/b:" + mode))
                .isInstanceOf(EngineException.Invalid.class)
                .hasMessage("invalid mode: " + mode);
    }

    @Test
    void refusesNamedVolumesInOneSentence() {
        assertThatThrownBy(() -> MountRequests.bind("data:/var"))
                .isInstanceOf(EngineException.Unsupported.class)
                .hasMessage("named volumes are not supported by Gantry yet: data");
    }

    @Test
    void refusesAMissingSourceOfAMount() {
        assertThatThrownBy(
                        () -> plans("{\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/none/such\",\"Target\":\"/x\"}]}"))
                .isInstanceOf(EngineException.Invalid.class)
                .hasMessage("invalid mount config for type \"bind\": bind source path does not exist: /none/such");
    }

    @Test
    void mergesTmpfsOptions() {
        assertThat(plans("{\"Tmpfs\":{\"/run\":\"exec,size=64k\"}}"))
                .containsExactly(new Tmpfs("/run", List.of("exec", "nosuid", "nodev", "rprivate", "size=64k")));
        assertThatThrownBy(() -> plans("{\"Tmpfs\":{\"/run\":\"colour=red\"}}"))
                .isInstanceOf(EngineException.Invalid.class)
                .hasMessage("invalid tmpfs option [\"colour=red\"]");
    }

    @Test
    void givesImagesTheirVolumesUnlessSomethingIsMountedThere() {
        ContainerConfig config =
                ConfigJson.mapper().readValue("{\"Volumes\":{\"/data\":{},\"/run\":{}}}", ContainerConfig.class);
        HostConfig host = ConfigJson.mapper().readValue("{\"Tmpfs\":{\"/run\":\"\"}}", HostConfig.class);

        assertThat(MountRequests.of(config, host))
                .extracting(MountPlan::target, Object::getClass)
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple("/data", Volume.class),
                        org.assertj.core.api.Assertions.tuple("/run", Tmpfs.class));
    }

    @Test
    void oneTargetTakesOneMount() {
        assertThatThrownBy(() -> plans("{\"Binds\":[\"/a:/x\",\"/b:/x/\"]}"))
                .isInstanceOf(EngineException.Invalid.class)
                .hasMessage("Duplicate mount point: /x");
    }

    private static List<MountPlan> plans(String host) {
        return MountRequests.of(
                ConfigJson.mapper().readValue("{}", ContainerConfig.class),
                ConfigJson.mapper().readValue(host, HostConfig.class));
    }
}
