package dev.gantry.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.engine.config.ConfigJson;
import dev.gantry.engine.config.ContainerConfig;
import dev.gantry.engine.config.HostConfig;
import dev.gantry.engine.request.CreateRequest;
import dev.gantry.engine.request.ImportRequest;
import dev.gantry.engine.request.RemoveOptions;
import dev.gantry.engine.view.ContainerSummary;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Containers of a test's own engine.
public final class TestContainers {
    private TestContainers() {}

    /// Makes the image `bb` of the host's busybox.
    ///
    /// @param directory has space for it
    public static void importBusybox(Engine engine, Path directory) throws Exception {
        Path archive = directory.resolve("image.tar");
        Process tar = new ProcessBuilder("tar", "-C", "/", "-cf", archive.toString(), "bin/busybox").start();
        assertThat(tar.waitFor()).isZero();
        try (InputStream in = Files.newInputStream(archive)) {
            engine.images().importTar(new ImportRequest(in, "bb", List.of(), null, null));
        }
    }

    /// Creates a container from two documents of the API.
    public static String create(Engine engine, @Nullable String name, String config, String host) {
        return engine.containers()
                .create(new CreateRequest(
                        name,
                        ConfigJson.mapper().readValue(config, ContainerConfig.class),
                        ConfigJson.mapper().readValue(host, HostConfig.class),
                        null,
                        null))
                .id();
    }

    /// All of an engine.
    public static List<ContainerSummary> all(Engine engine) {
        return engine.containers().list(new ListOptions(true, 0, false, Filters.NONE));
    }

    /// Waits until something is so.
    public static void await(BooleanSupplier condition) {
        Instant patience = Instant.now().plusSeconds(20);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).isBefore(patience);
            LockSupport.parkNanos(1_000_000);
        }
    }

    /// Removes all, also those that run.
    public static void removeAll(Engine engine) {
        all(engine).forEach(each -> engine.containers().remove(each.id(), RemoveOptions.FORCED));
    }
}
