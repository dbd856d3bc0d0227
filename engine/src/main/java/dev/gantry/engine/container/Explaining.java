package dev.gantry.engine.container;

import dev.gantry.engine.EngineException.Failed;
import dev.gantry.engine.explain.ExplanationViews;
import dev.gantry.engine.refusal.UnsupportedFeature;
import dev.gantry.engine.request.CreateRequest;
import dev.gantry.engine.spec.SpecOrigins;
import dev.gantry.engine.view.ExplanationView;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.oci.image.Execution;
import dev.gantry.oci.runtime.Spec;
import dev.gantry.runtime.ContainerRuntime;
import dev.gantry.runtime.explain.PlannedLaunch;
import dev.gantry.store.Lease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// From a create request to the calls that would start its container.
final class Explaining {
    private static final String PASSWD = "etc/passwd";

    private final ContainerRuntime runtime;
    private final Creation creation;
    private final Launcher launcher;
    private final ImageLeases images;
    private final ContainerRoots roots;

    Explaining(
            ContainerRuntime runtime, Creation creation, Launcher launcher, ImageLeases images, ContainerRoots roots) {
        this.runtime = runtime;
        this.creation = creation;
        this.launcher = launcher;
        this.images = images;
        this.roots = roots;
    }

    ExplanationView explain(CreateRequest request) {
        try (Lease lease = images.take(request.config().image(), request.platform())) {
            Definition definition = creation.judge(request, lease).definition();
            launcher.program(definition.host()).ifPresent(program -> {
                throw UnsupportedFeature.EXPLAINING_OTHERS.refused(program.name(), program.file());
            });
            ContainerFiles files = roots.of(definition.id());
            Spec spec;
            try (SafeDirectory accounts = SafeDirectory.open(accounts(lease))) {
                spec = launcher.foreseen(definition, files, accounts);
            }
            return ExplanationViews.of(runtime.explain(
                    planned(request, lease, definition, files, spec),
                    launcher.root(lease.layerTrees(), files, definition.host())));
        } catch (IOException e) {
            throw new Failed(String.valueOf(e.getMessage()), e);
        }
    }

    /// The layer that names users: the topmost with a passwd file. Mounting them all would be more than to explain.
    private static Path accounts(Lease lease) throws IOException {
        for (Path layer : lease.layerTrees()) {
            try (SafeDirectory tree = SafeDirectory.open(layer)) {
                if (tree.findStatus(PASSWD).isPresent()) {
                    return layer;
                }
            }
        }
        return lease.layerTrees().getFirst();
    }

    private static PlannedLaunch planned(
            CreateRequest request, Lease lease, Definition definition, ContainerFiles files, Spec spec) {
        Execution image = lease.config().config();
        SpecOrigins origins =
                new SpecOrigins(request.config(), request.host(), image == null ? Execution.empty() : image, spec);
        // what is not there yet will be a directory, but for the files that tell a container names
        return new PlannedLaunch(
                definition.id(),
                spec,
                definition.config().openStdin(),
                Boolean.TRUE.equals(definition.host().init()),
                origins.origins()::of,
                source -> Files.isDirectory(source)
                        || (!Files.exists(source) && !NameFiles.mounts(files).containsValue(source.toString())));
    }
}
