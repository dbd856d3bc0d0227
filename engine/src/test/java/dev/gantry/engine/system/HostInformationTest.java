package dev.gantry.engine.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.engine.EngineException.Failed;
import dev.gantry.engine.EngineOptions;
import dev.gantry.engine.spec.HostFacts;
import dev.gantry.engine.view.SystemView;
import dev.gantry.engine.view.SystemView.Counts;
import dev.gantry.oci.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class HostInformationTest {
    private static final String FIELDS = """
            ID Containers ContainersRunning ContainersPaused ContainersStopped Images Driver
            DriverStatus Plugins MemoryLimit SwapLimit CpuCfsPeriod CpuCfsQuota CPUShares CPUSet
            PidsLimit IPv4Forwarding Debug NFd OomKillDisable NGoroutines SystemTime LoggingDriver
            CgroupDriver CgroupVersion NEventsListener KernelVersion OperatingSystem OSVersion OSType
            Architecture IndexServerAddress RegistryConfig NCPU MemTotal DockerRootDir HttpProxy
            HttpsProxy NoProxy Name Labels ExperimentalBuild ServerVersion Runtimes DefaultRuntime
            Swarm LiveRestoreEnabled Isolation InitBinary ContainerdCommit RuncCommit InitCommit
            SecurityOptions CDISpecDirs Warnings
            """;

    @TempDir
    private Path dataRoot = Path.of("");

    private HostInformation open() throws IOException {
        return open(EngineOptions.of(dataRoot, dataRoot.resolve("run")));
    }

    private static HostInformation open(EngineOptions options) throws IOException {
        return HostInformation.open(
                options, options::registries, Machine.facts(), () -> new Counts(6, 1, 2, 3, 4), () -> 5);
    }

    @Test
    void describesThisHost() throws IOException {
        SystemView view = open().view();
        assertThat(view.host().name()).isEqualTo(InetAddress.getLocalHost().getHostName());
        assertThat(view.host().kernelVersion())
                .isEqualTo(
                        Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip());
        assertThat(view.host().memTotal()).isGreaterThan(64L << 20);
        assertThat(view.host().cpus()).isPositive();
        assertThat(view.host().operatingSystem())
                .doesNotContain("\"")
                .isNotEqualTo("<unknown>")
                .isNotBlank();
        assertThat(view.host().osType()).isEqualTo("linux");
        assertThat(view.daemon().descriptors()).isGreaterThan(2);
        assertThat(view.daemon().threads()).isPositive();
        assertThat(view.daemon().eventsListeners()).isEqualTo(5);
        assertThat(view.counts()).isEqualTo(new Counts(6, 1, 2, 3, 4));
        assertThat(view.drivers().dockerRootDir()).isEqualTo(dataRoot.toString());
    }

    /// Every field of dockerd's answer that the daemon does not add for old clients.
    @Test
    void hasTheFieldsThatClientsRead() throws IOException {
        JsonNode json = Json.mapper().valueToTree(open().view());
        for (String field : FIELDS.strip().split("\\s+", -1)) {
            assertThat(json.has(field)).as(field).isTrue();
        }
        assertThat(json.at("/RegistryConfig/IndexConfigs/docker.io/Secure").isBoolean())
                .isTrue();
        assertThat(json.at("/Runtimes/gantry").isObject()).isTrue();
        assertThat(json.at("/DefaultRuntime").asString()).isEqualTo("gantry");
        assertThat(json.at("/Swarm/LocalNodeState").asString()).isEqualTo("inactive");
        // Gantry's own, which other clients pass over
        assertThat(json.at("/Unsupported/0/Asked").asString()).isEqualTo("run -p, -P");
        assertThat(json.at("/Unsupported/0/Answer").asString()).contains("published ports", "not supported");
        assertThat(json.get("SecurityOptions")).extracting(JsonNode::asString).contains("name=seccomp,profile=builtin");
    }

    @Test
    void tellsWhichRegistriesAreSpecial() throws IOException {
        EngineOptions plain = EngineOptions.of(dataRoot, dataRoot.resolve("run"));
        EngineOptions special = new EngineOptions(
                plain.dataRoot(),
                plain.execRoot(),
                plain.cgroupParent(),
                plain.labels(),
                plain.init(),
                plain.defaultUlimits(),
                plain.logOptions(),
                plain.shutdownTimeout(),
                plain.liveRestore(),
                plain.version(),
                plain.debug(),
                plain.userRemapping(),
                plain.runtimes(),
                new EngineOptions.Registries(
                        List.of("10.0.0.0/8", "reg.test:5000"), List.of(URI.create("http://mirror.test")), Map.of()));
        JsonNode json = Json.mapper().valueToTree(open(special).view());
        assertThat(json.get("RegistryConfig")).hasToString("""
                {"InsecureRegistryCIDRs":["10.0.0.0/8","127.0.0.0/8","::1/128"],"IndexConfigs":{\
                "docker.io":{"Name":"docker.io","Mirrors":["http://mirror.test/"],"Secure":true,"Official":true},\
                "reg.test:5000":{"Name":"reg.test:5000","Mirrors":[],"Secure":false,"Official":false}},\
                "Mirrors":["http://mirror.test/"]}\
                """);
    }

    @Test
    void keepsItsId() throws IOException {
        String id = open().view().id();
        assertThat(UUID.fromString(id).version()).isEqualTo(4);
        assertThat(open().view().id()).isEqualTo(id);
        assertThat(dataRoot.resolve("engine-id")).hasContent(id);
        Files.writeString(dataRoot.resolve("engine-id"), "torn");
        String other = open().view().id();
        assertThat(other).isNotEqualTo(id);
        assertThat(open().view().id()).isEqualTo(other);
    }

    @Test
    void saysWhichFileOfTheIdIsUnfit() throws IOException {
        Files.createDirectory(dataRoot.resolve("engine-id"));
        assertThatThrownBy(this::open)
                .isInstanceOf(Failed.class)
                .hasMessageContaining(dataRoot.resolve("engine-id").toString());
    }

    @Test
    void factsComeFromTheKernel() throws IOException {
        HostFacts facts = Machine.facts();
        // the last two came with Linux 5.8 and 5.9
        assertThat(facts.capabilities()).startsWith("CAP_CHOWN").contains("CAP_SYS_ADMIN", "CAP_BPF");
        assertThat(ProcFiles.text(Path.of("/proc/sys/kernel/cap_last_cap")))
                .contains(Integer.toString(facts.capabilities().size() - 1));
        assertThat(facts.onlineCpus()).matches("[0-9,-]+");
        assertThat(facts.memoryNodes()).matches("[0-9,-]+");
        assertThat(facts.cpus()).isLessThanOrEqualTo(NumberList.count(facts.onlineCpus()));
    }

    @Test
    void filtersAreResolvedOnceForEachSetOfCapabilities() throws IOException {
        var seccomp = Machine.facts().seccomp();
        var plain = seccomp.defaults(Set.of("CAP_CHOWN", "CAP_KILL"));
        assertThat(seccomp.defaults(Set.of("CAP_KILL", "CAP_CHOWN"))).isSameAs(plain);
        var admin = seccomp.defaults(Set.of("CAP_SYS_ADMIN"));
        assertThat(admin).isNotEqualTo(plain);
        for (int i = 0; i < 100; i++) {
            seccomp.defaults(Set.of("CAP_" + i));
        }
        assertThat(seccomp.defaults(Set.of("CAP_SYS_ADMIN"))).isEqualTo(admin).isNotSameAs(admin);
    }

    @Test
    void appArmorConfinesOnlyWithALoadedProfile() throws IOException {
        Path sys = Files.createDirectories(dataRoot.resolve("sys"));
        Files.createDirectories(sys.resolve("module/apparmor/parameters"));
        Files.createDirectories(sys.resolve("kernel/security/apparmor"));
        assertThat(AppArmor.read(sys).profile()).isEmpty();
        Files.writeString(sys.resolve("module/apparmor/parameters/enabled"), "Y\n");
        assertThat(AppArmor.read(sys)).isEqualTo(new AppArmor(true, false));
        Files.writeString(sys.resolve("kernel/security/apparmor/profiles"), "docker-default-x (enforce)\n");
        assertThat(AppArmor.read(sys).profile()).isEmpty();
        Files.writeString(
                sys.resolve("kernel/security/apparmor/profiles"), "man (enforce)\ndocker-default (enforce)\n");
        assertThat(AppArmor.read(sys).profile()).isEqualTo("docker-default");
        Files.writeString(sys.resolve("module/apparmor/parameters/enabled"), "N\n");
        assertThat(AppArmor.read(sys).profile()).isEmpty();
    }

    @Test
    void countsTheNumbersOfAList() {
        assertThat(NumberList.count("0-3,6")).isEqualTo(5);
        assertThat(NumberList.count("7")).isEqualTo(1);
        assertThat(NumberList.count("")).isZero();
    }
}
