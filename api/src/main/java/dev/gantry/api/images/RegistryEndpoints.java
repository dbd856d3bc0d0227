package dev.gantry.api.images;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gantry.api.http.Exchange;
import dev.gantry.api.http.FilterParameter;
import dev.gantry.api.http.HttpFailure;
import dev.gantry.engine.RemoteRegistries;
import dev.gantry.engine.RemoteRegistries.SearchRequest;
import java.io.IOException;

/// What is asked of registries.
public final class RegistryEndpoints {
    private final RemoteRegistries registries;

    public RegistryEndpoints(RemoteRegistries registries) {
        this.registries = registries;
    }

    private record LoggedIn(
            @JsonProperty("IdentityToken") String identityToken,
            @JsonProperty("Status") String status) {}

    /// `POST /auth`
    public void login(Exchange exchange) throws IOException {
        RegistryAuth.Named login = RegistryAuth.ofBody(exchange);
        String token = registries.login(login.server(), login.login());
        exchange.respondJson(200, new LoggedIn(token, "Login Succeeded"));
    }

    /// `GET /distribution/{name}/json`
    public void distribution(Exchange exchange) throws IOException {
        exchange.respondJson(200, registries.distribution(exchange.variable("name"), RegistryAuth.of(exchange)));
    }

    /// `GET /gantry/manifests/{name}`: Gantry's own. Docker's client asks the registry itself, and needs for that all
    /// that the daemon knows about it.
    public void manifests(Exchange exchange) throws IOException {
        exchange.respondJson(
                200,
                registries.manifests(
                        exchange.variable("name"), exchange.query().flag("insecure"), RegistryAuth.of(exchange)));
    }

    /// `GET /images/search`
    public void search(Exchange exchange) throws IOException {
        String term = exchange.query().text("term");
        if (term.isEmpty()) {
            throw HttpFailure.badRequest("missing query parameter \"term\"");
        }
        exchange.respondJson(
                200,
                registries.search(new SearchRequest(
                        term,
                        exchange.query().number("limit"),
                        FilterParameter.of(exchange),
                        RegistryAuth.of(exchange))));
    }
}
