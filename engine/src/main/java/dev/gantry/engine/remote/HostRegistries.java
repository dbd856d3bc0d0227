package dev.gantry.engine.remote;

import dev.gantry.engine.EngineException.Failed;
import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.engine.EngineException.NotFound;
import dev.gantry.engine.EngineException.Unauthorized;
import dev.gantry.engine.EngineOptions;
import dev.gantry.engine.RemoteRegistries;
import dev.gantry.engine.RemoteRegistries.SearchRequest;
import dev.gantry.engine.image.Registries;
import dev.gantry.engine.request.Login;
import dev.gantry.engine.view.DistributionView;
import dev.gantry.engine.view.FoundImage;
import dev.gantry.engine.view.ManifestsView;
import dev.gantry.oci.ImageReference;
import dev.gantry.oci.MalformedException;
import dev.gantry.registry.Credentials;
import dev.gantry.registry.RegistryClient;
import dev.gantry.registry.RegistryException;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Registries as this host reaches them.
public final class HostRegistries implements RemoteRegistries {
    private static final String DOCKER_HUB = "https://index.docker.io/v1/";

    private final Registries registries;

    public HostRegistries(Registries registries) {
        this.registries = registries;
    }

    private interface Question<T> {
        T ask() throws IOException;
    }

    private static <T> T answer(Question<T> question) {
        try {
            return question.ask();
        } catch (RegistryException.Unauthorized e) {
            throw new Unauthorized(String.valueOf(e.getMessage()), e);
        } catch (RegistryException.NotFound | RegistryException.Denied e) {
            throw new NotFound(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new Failed(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public String login(String server, Login login) {
        boolean hub = server.isEmpty() || server.equals(DOCKER_HUB);
        String domain = hub ? ImageReference.DEFAULT_DOMAIN : hostname(server);
        Credentials credentials = Registries.credentials(login);
        return answer(() -> {
            String token = registries.client().login(domain, credentials);
            return token == null ? "" : token;
        });
    }

    @Override
    public void configure(EngineOptions.Registries special) {
        registries.configure(special);
    }

    private static String hostname(String server) {
        String name = server.replaceFirst("^https?://", "");
        int slash = name.indexOf('/');
        String host = slash < 0 ? name : name.substring(0, slash);
        try {
            return ImageReference.parse(host + "/x").domain();
        } catch (MalformedException e) {
            throw new Invalid("invalid registry \"%s\": %s".formatted(server, e.getMessage()), e);
        }
    }

    @Override
    public DistributionView distribution(String reference, @Nullable Login login) {
        ImageReference name = parsed(reference);
        return answer(() -> new RemoteManifests(registries.client(), name, credentials(login)).distribution());
    }

    @Override
    public ManifestsView manifests(String reference, boolean insecure, @Nullable Login login) {
        ImageReference name = parsed(reference);
        if (!insecure) {
            return answer(() -> new RemoteManifests(registries.client(), name, credentials(login)).all());
        }
        try (RegistryClient client = registries.insecureClient(name.domain())) {
            return answer(() -> new RemoteManifests(client, name, credentials(login)).all());
        }
    }

    @Override
    public List<FoundImage> search(SearchRequest request) {
        return answer(() -> new Search(registries.client(), request).run());
    }

    static @Nullable Credentials credentials(@Nullable Login login) {
        return login == null ? null : Registries.credentials(login);
    }

    private static ImageReference parsed(String reference) {
        try {
            return ImageReference.parse(reference).withDefaultTag();
        } catch (MalformedException e) {
            throw new Invalid(String.valueOf(e.getMessage()), e);
        }
    }
}
