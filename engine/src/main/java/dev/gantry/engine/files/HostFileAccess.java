package dev.gantry.engine.files;

import dev.gantry.engine.EngineException.Failed;
import dev.gantry.engine.FileAccess;
import dev.gantry.engine.container.Container;
import dev.gantry.engine.container.HostContainers;
import dev.gantry.engine.container.LifeEvents;
import dev.gantry.engine.container.Registry;
import dev.gantry.engine.image.LocalImages;
import dev.gantry.engine.request.CommitRequest;
import dev.gantry.engine.request.ExtractRequest;
import dev.gantry.engine.root.SharedRoot;
import dev.gantry.engine.view.PathStat;
import dev.gantry.store.files.ChangeKind;
import dev.gantry.store.files.ChangedFiles;
import java.io.IOException;
import java.util.List;

/// The files of this host's containers.
public final class HostFileAccess implements FileAccess {
    private final Registry registry;
    private final LifeEvents events;
    private final Copying copying;
    private final Committing committing;

    public HostFileAccess(HostContainers containers, LocalImages images, LifeEvents events) {
        this.registry = containers.registry();
        this.events = events;
        this.copying = new Copying(new Views(containers.launcher()));
        this.committing = new Committing(containers, images, events);
    }

    @Override
    public PathStat stat(String ref, String path) {
        return copying.stat(registry.get(ref), ref, path);
    }

    @Override
    public Archive read(String ref, String path) {
        Container container = registry.get(ref);
        Archive archive = copying.read(container, ref, path);
        events.publish(container, "archive-path");
        return archive;
    }

    @Override
    public void extract(String ref, ExtractRequest request) {
        Container container = registry.get(ref);
        copying.extract(container, ref, request);
        events.publish(container, "extract-to-dir");
    }

    @Override
    public List<Change> changes(String ref) {
        Container container = registry.get(ref);
        try (SharedRoot.Use _ = Uses.hold(container)) {
            return ChangedFiles.of(container.files().upper(), container.lease().layerTrees()).stream()
                    .map(change -> new Change(kind(change.kind()), change.path()))
                    .toList();
        } catch (IOException e) {
            throw new Failed("changes of container " + container.id() + ": " + e.getMessage(), e);
        }
    }

    private static Change.Kind kind(ChangeKind kind) {
        return switch (kind) {
            case MODIFIED -> Change.Kind.MODIFIED;
            case ADDED -> Change.Kind.ADDED;
            case DELETED -> Change.Kind.DELETED;
        };
    }

    @Override
    public Archive export(String ref) {
        Container container = registry.get(ref);
        Archive archive = copying.export(container, ref);
        events.publish(container, "export");
        return archive;
    }

    @Override
    public String commit(CommitRequest request) {
        return committing.commit(request);
    }
}
