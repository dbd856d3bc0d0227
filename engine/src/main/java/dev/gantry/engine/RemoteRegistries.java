package dev.gantry.engine;

import dev.gantry.engine.request.Login;
import dev.gantry.engine.view.DistributionView;
import dev.gantry.engine.view.FoundImage;
import dev.gantry.engine.view.ManifestsView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What registries say and have, whether it is here or not.
public interface RemoteRegistries {
    /// Finds out whether a registry takes this login.
    ///
    /// @param server as Docker's `config.json` calls it; empty for Docker Hub
    /// @return an identity token, to be kept in place of the password; empty where the registry gives none
    /// @throws EngineException.Unauthorized if it does not
    String login(String server, Login login);

    /// What a reference names, and for which platforms.
    DistributionView distribution(String reference, @Nullable Login login);

    /// The manifest that a reference names, or all that its index has, as the registry sent them.
    ///
    /// @param insecure whether the registry may be spoken to without TLS, or without verification
    ManifestsView manifests(String reference, boolean insecure, @Nullable Login login);

    /// Images whose names or descriptions have something in them.
    List<FoundImage> search(SearchRequest request);

    /// Changes what an administrator says about registries. What is under way goes on with what it began with.
    void configure(EngineOptions.Registries special);

    /// What is looked for in a registry.
    ///
    /// @param term may begin with the name of a registry, by default Docker Hub
    /// @param limit at most so many; null for the registry's default
    /// @param filters `is-automated, is-official, stars`
    /// @param login null is anonymous
    record SearchRequest(
            String term,
            @Nullable Integer limit,
            Filters filters,
            @Nullable Login login) {}
}
