package dev.gantry.engine.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.engine.EngineException;
import dev.gantry.engine.config.ConfigJson;
import dev.gantry.engine.config.ContainerConfig;
import dev.gantry.engine.config.HostConfig;
import dev.gantry.engine.config.Mount;
import dev.gantry.engine.spec.MountPlan.Bind;
import dev.gantry.engine.spec.MountPlan.BindMode;
import dev.gantry.engine.spec.MountPlan.Tmpfs;
import dev.gantry.engine.spec.MountPlan.Volume;
import java.util.List;
import java.util.Map;
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
        assertThat(MountRequests.bind("/cache")).isEqualTo(Volume.anonymous("/cache"));
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
    void readsVolumesWithNames() {
        assertThat(MountRequests.bind("data:/var/lib/../data"))
                .isEqualTo(new Volume("data", "/var/data", false, "z", Volume.PLAIN));
        assertThat(MountRequests.bind("data:/d:ro,nocopy"))
                .isEqualTo(
                        new Volume("data", "/d", true, "ro,nocopy", new Mount.VolumeOptions(true, Map.of(), null, "")));
        assertThat(plans(
                        "{\"Mounts\":[{\"Type\":\"volume\",\"Source\":\"data\",\"Target\":\"/d\",\"ReadOnly\":true}]}"))
                .containsExactly(new Volume("data", "/d", true, "z", Volume.PLAIN));
    }

    @ParameterizedTest
    @ValueSource(strings = {"data:/d:rslave", "data:/d:rprivate,ro"})
    void refusesPropagationOfVolumes(String bind) {
        assertThatThrownBy(() -> MountRequests.bind(bind))
                .isInstanceOf(EngineException.Invalid.class)
                .hasMessageEndingWith("field BindOptions must not be specified");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ro,rw", "nocopy,nocopy", "private,shared", "ro,", "x"})
    void refusesModesThatMakeNoSense(String mode) {
        assertThatThrownBy(() -> MountRequests.bind("data:/d:" + mode)).hasMessage("invalid mode: " + mode);
    }

    @Test
    void refusesAMountThatIsToBeReadOnlyInTwoWays() {
        String json = """
                {"Mounts":[{"Type":"bind","Source":"/a","Target":"/b","ReadOnly":true,
                            "BindOptions":{"ReadOnlyNonRecursive":true,"ReadOnlyForceRecursive":true}}]}""";

        assertThatThrownBy(() -> plans(json))
                .isInstanceOf(EngineException.Invalid.class)
                .hasMessageEndingWith("options conflict: ReadOnlyNonRecursive && ReadOnlyForceRecursive");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc", "..", "a/../../b", "../x"})
    void refusesPartsOfVolumesThatLeadOutOfThem(String subpath) {
        String json =
                "{\"Mounts\":[{\"Type\":\"volume\",\"Source\":\"data\",\"Target\":\"/d\",\"VolumeOptions\":{\"Subpath\":\""
                        + subpath + "\"}}]}";
        assertThatThrownBy(() -> plans(json))
                .hasMessage(
                        "invalid mount config for type \"volume\": subpath must be a relative path within the volume");
    }

    @Test
    void refusesAMissingSourceOfAMount() {
        List<MountPlan> plans = plans("{\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/none/such\",\"Target\":\"/x\"}]}");
        assertThatThrownBy(() -> MountRequests.requireSources(plans))
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
