package dev.gantry.engine.container;

import dev.gantry.engine.config.ConfigJson;
import dev.gantry.engine.config.ContainerConfig;
import dev.gantry.engine.config.HostConfig;
import dev.gantry.engine.state.LifeCycle;
import dev.gantry.engine.state.Restarts;
import dev.gantry.oci.ImageReference;
import dev.gantry.oci.image.Execution;
import dev.gantry.store.Image;
import dev.gantry.store.ImageStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

/// Makes a container named `web` of an empty image, without an engine.
final class TestContainer {
    static final String ID = "0123456789abcdef".repeat(4);

    private TestContainer() {}

    /// @param root where everything is made: its image store in `images`, the container's files in `containers`
    /// @param host its HostConfig
    static Container make(Path root, LifeCycle state, String host) throws IOException {
        ImageStore store = ImageStore.open(root.resolve("images"));
        Image image = store.addBuiltIn(ImageReference.parse("web"), Execution.empty(), Map.of());
        var definition = new Definition(
                ID,
                "web",
                Instant.EPOCH,
                image.id(),
                "linux",
                ConfigJson.mapper().readValue("{}", ContainerConfig.class),
                ConfigJson.mapper().readValue(host, HostConfig.class));
        Path directory = Files.createDirectory(root.resolve("containers"));
        ContainerFiles files = new ContainerRoots(directory, root.resolve("output"), "boot", () -> {}).of(ID);
        files.create();
        return new Container(definition, state, Restarts.NONE, files, store.lease(image.id()));
    }
}
