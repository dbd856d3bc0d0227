package dev.gantry.engine.files;

import dev.gantry.engine.EngineException.Failed;
import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.engine.config.ContainerConfig;
import dev.gantry.engine.config.Healthcheck;
import dev.gantry.engine.container.Container;
import dev.gantry.engine.container.HostContainers;
import dev.gantry.engine.container.LifeEvents;
import dev.gantry.engine.image.LocalImages;
import dev.gantry.engine.request.CommitRequest;
import dev.gantry.engine.root.SharedRoot;
import dev.gantry.engine.spec.Defaults;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.image.ConfigChange;
import dev.gantry.oci.image.Execution;
import dev.gantry.oci.image.History;
import dev.gantry.store.Image;
import dev.gantry.store.files.LayerArchive;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes images of containers.
final class Committing {
    private final HostContainers containers;
    private final LocalImages images;
    private final LifeEvents events;

    Committing(HostContainers containers, LocalImages images, LifeEvents events) {
        this.containers = containers;
        this.images = images;
        this.events = events;
    }

    String commit(CommitRequest request) {
        Container container = containers.registry().get(request.container());
        Execution execution = execution(container.definition().config(), request);
        boolean paused = request.pause() && containers.hold(container);
        Image image;
        try (SharedRoot.Use _ = Uses.hold(container)) {
            image = commit(container, request, execution);
        } finally {
            if (paused) {
                containers.release(container);
            }
        }
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("comment", text(request.comment()));
        attributes.put("imageID", image.id().toString());
        attributes.put("imageRef", text(request.reference()));
        events.publish(container, "commit", attributes);
        return image.id().toString();
    }

    private Image commit(Container container, CommitRequest request, Execution execution) {
        List<String> command = container.definition().config().cmd();
        History step = new History(
                Instant.now(),
                command == null ? "" : String.join(" ", command),
                request.author(),
                request.comment(),
                false);
        try (InputStream layer =
                LayerArchive.stream(container.files().upper(), container.lease().layerTrees())) {
            return images.derive(container.lease().imageId(), layer, request.reference(), execution, step);
        } catch (IOException e) {
            throw new Failed("commit of container " + container.id() + ": " + e.getMessage(), e);
        }
    }

    /// The container's configuration, which completes the one asked for, with the changes.
    private static Execution execution(ContainerConfig container, CommitRequest request) {
        Execution own = execution(container);
        ContainerConfig asked = request.config();
        Execution base = asked == null ? own : execution(Defaults.container(asked, own, ""));
        try {
            return ConfigChange.apply(base, request.changes());
        } catch (MalformedException e) {
            throw new Invalid(String.valueOf(e.getMessage()), e);
        }
    }

    private static Execution execution(ContainerConfig config) {
        return new Execution.Builder()
                .user(config.user())
                .exposedPorts(config.exposedPorts().keySet())
                .env(config.env())
                .entrypoint(orEmpty(config.entrypoint()))
                .cmd(orEmpty(config.cmd()))
                .healthcheck(healthcheck(config.healthcheck()))
                .volumes(config.volumes().keySet())
                .workingDir(config.workingDir())
                .onBuild(config.onBuild())
                .labels(config.labels())
                .stopSignal(config.stopSignal())
                .shell(orEmpty(config.shell()))
                .build();
    }

    private static dev.gantry.oci.image.@Nullable Healthcheck healthcheck(@Nullable Healthcheck check) {
        return check == null
                ? null
                : new dev.gantry.oci.image.Healthcheck(
                        check.test(),
                        check.interval(),
                        check.timeout(),
                        check.startPeriod(),
                        check.startInterval(),
                        check.retries());
    }

    private static List<String> orEmpty(@Nullable List<String> list) {
        return list == null ? List.of() : list;
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }
}
