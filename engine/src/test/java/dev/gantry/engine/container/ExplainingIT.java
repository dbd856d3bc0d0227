package dev.gantry.engine.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.engine.EngineException;
import dev.gantry.engine.EngineOptions;
import dev.gantry.engine.config.ConfigJson;
import dev.gantry.engine.config.ContainerConfig;
import dev.gantry.engine.config.HostConfig;
import dev.gantry.engine.content.ContentLedger;
import dev.gantry.engine.event.EventLog;
import dev.gantry.engine.request.CreateRequest;
import dev.gantry.engine.spec.HostFacts;
import dev.gantry.engine.spec.SeccompSource;
import dev.gantry.engine.view.ExplanationView;
import dev.gantry.engine.volume.LocalVolumes;
import dev.gantry.kernel.Poller;
import dev.gantry.oci.Digest;
import dev.gantry.oci.ImageReference;
import dev.gantry.oci.image.Execution;
import dev.gantry.oci.runtime.Seccomp;
import dev.gantry.runtime.ContainerRuntime;
import dev.gantry.runtime.RuntimeOptions;
import dev.gantry.store.Image;
import dev.gantry.store.ImageStore;
import dev.gantry.store.Lease;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// From a request to its explanation, with a store and a runtime, and without a container.
class ExplainingIT {
    @TempDir
    private Path root = Path.of("");

    private Poller poller;
    private HostContainers containers;

    @BeforeEach
    void open() throws Exception {
        poller = Poller.start("explaining");
        var runtime = ContainerRuntime.on(
                poller, new RuntimeOptions(root.resolve("state"), "/gantry-explaining", null, _ -> {}));
        ImageStore store = ImageStore.open(root.resolve("images"));
        byte[] passwd = "web:x:33:44::/var/www:\n".getBytes(StandardCharsets.UTF_8);
        Execution config = Execution.empty().toBuilder()
                .user("web")
                .cmd(List.of("/serve"))
                .volumes(Set.of("/data"))
                .build();
        Image image = store.addBuiltIn(
                ImageReference.parse("web"), config, Map.of("serve", new byte[] {1}, "etc/passwd", passwd));
        Path directory = Files.createDirectory(root.resolve("containers"));
        var roots = new ContainerRoots(directory, root.resolve("output"), "boot", () -> {});
        var events = new EventLog();
        var volumes = LocalVolumes.open(root.resolve("volumes"), 0, 0, events, () -> {})
                .ofContainers();
        containers = new ContainerWiring(roots, runtime, facts(), leases(store, image), volumes, new LifeEvents(events))
                .open(EngineOptions.of(root, root), new ContainerNames(), _ -> List.of(), (_, _) -> {});
    }

    @AfterEach
    void close() throws IOException {
        containers.stopAll(Duration.ZERO);
        poller.close();
    }

    @Test
    void tellsTheFlagsAndTheImage() {
        ExplanationView explanation =
                explain("{\"Image\":\"web\"}", "{\"Memory\":67108864,\"NetworkMode\":\"none\",\"CapDrop\":[\"KILL\"]}");

        assertThat(explanation.steps())
                .anyMatch(step -> step.call().equals("setresuid")
                        && step.arguments().equals("33, 33, 33")
                        && step.why().equals("image USER web"))
                .anyMatch(step -> step.process().equals("daemon")
                        && step.what().equals("limit memory.limit_in_bytes to 67108864")
                        && step.why().equals("--memory 64m"))
                .anyMatch(step -> step.arguments().equals("PR_CAPBSET_DROP, CAP_KILL")
                        && step.why().equals("--cap-drop KILL"))
                .anyMatch(step -> step.call().equals("execve") && step.why().equals("image CMD"));
        assertThat(explanation.text())
                .contains("on /data  (image VOLUME /data)")
                .contains("daemon        mount the image's layers  (image web)");
    }

    @Test
    void knowsWhatItsFilesWillBe() {
        assertThat(explain("{\"Image\":\"web\"}", "{\"Binds\":[\"" + root + "/later:/mnt\"]}")
                        .steps())
                .filteredOn(step ->
                        step.call().equals("openat2") && step.conditions().isEmpty())
                .extracting(ExplanationView.Step::arguments)
                .anyMatch(arguments -> arguments.contains("\"mnt/.\""))
                .anyMatch(arguments -> arguments.contains("\"etc/hosts\""))
                .noneMatch(arguments -> arguments.contains("\"etc/hosts/.\""));
    }

    @Test
    void makesNothing() throws IOException {
        List<Path> before = files();

        explain("{\"Image\":\"web\"}", "{\"Binds\":[\"" + root + "/later:/mnt\"]}");

        assertThat(files()).isEqualTo(before);
        assertThat(containers.registry().newestFirst()).isEmpty();
    }

    @Test
    void refusesWhatCreateRefuses() {
        assertThatThrownBy(() -> explain("{\"Image\":\"web\"}", "{\"Memory\":1}"))
                .isInstanceOf(EngineException.Invalid.class)
                .hasMessage("Minimum memory limit allowed is 6MB");
    }

    private ExplanationView explain(String config, String host) {
        var mapper = ConfigJson.mapper();
        return containers.explain(new CreateRequest(
                null,
                mapper.readValue(config, ContainerConfig.class),
                mapper.readValue(host, HostConfig.class),
                null,
                null));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.sorted().toList();
        }
    }

    private static HostFacts facts() {
        return new HostFacts(
                1,
                "0",
                "0",
                List.of("CAP_CHOWN", "CAP_KILL", "CAP_SETUID", "CAP_SETGID"),
                "",
                false,
                new SeccompSource() {
                    @Override
                    public Seccomp defaults(Set<String> capabilities) {
                        return new Seccomp(
                                Seccomp.Action.SCMP_ACT_ALLOW, null, List.of(), List.of(), null, null, List.of());
                    }

                    @Override
                    public Seccomp of(String profile, Set<String> capabilities) {
                        return defaults(capabilities);
                    }
                });
    }

    private static ImageLeases leases(ImageStore store, Image image) {
        return new ImageLeases() {
            @Override
            public Lease take(String reference, @Nullable String platform) {
                return take(image.id());
            }

            @Override
            public Lease take(Digest digest) {
                try {
                    return store.lease(digest);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            @Override
            public ContentLedger ledger() {
                throw new UnsupportedOperationException("nothing is pruned here");
            }

            @Override
            public String find(String reference) {
                return image.id().toString();
            }

            @Override
            public boolean isMeant(String reference, Digest id) {
                return id.equals(image.id());
            }
        };
    }
}
