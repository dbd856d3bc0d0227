package dev.gantry.api.images;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gantry.api.http.Exchange;
import dev.gantry.api.http.HttpFailure;
import dev.gantry.engine.request.Login;
import dev.gantry.oci.Json;
import dev.gantry.oci.MalformedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// The header `X-Registry-Auth`: who asks a registry, as JSON in Base64 (RFC 4648, section 5).
final class RegistryAuth {
    private RegistryAuth() {}

    private record Document(
            @JsonProperty("username") @Nullable String username,
            @JsonProperty("password") @Nullable String password,
            @JsonProperty("auth") @Nullable String auth,
            @JsonProperty("identitytoken") @Nullable String identityToken,
            @JsonProperty("registrytoken") @Nullable String registryToken,
            @JsonProperty("serveraddress") @Nullable String server) {}

    /// A login at a registry, as Docker's `config.json` calls it; empty for Docker Hub.
    record Named(String server, Login login) {}

    /// Of the body of a login.
    static Named ofBody(Exchange exchange) throws IOException {
        Document body = exchange.json(Document.class);
        Login login = login(body);
        return new Named(body.server == null ? "" : body.server, login == null ? new Login("", "", null, null) : login);
    }

    /// Of a request; see [#parse].
    static @Nullable Login of(Exchange exchange) {
        return parse(exchange.header("X-Registry-Auth"));
    }

    /// Of a push, which very old clients send as the body; one of both has to be there.
    static @Nullable Login ofPush(Exchange exchange) throws IOException {
        String header = exchange.header("X-Registry-Auth");
        if (header != null && !header.isEmpty()) {
            return parse(header);
        }
        Document body = exchange.jsonOrNull(Document.class);
        if (body == null) {
            throw HttpFailure.badRequest("bad parameters and missing X-Registry-Auth: EOF");
        }
        return login(body);
    }

    /// Null for nobody in particular. What cannot be read is an error: the user would be taken for somebody else.
    static @Nullable Login parse(@Nullable String header) {
        if (header == null || header.isEmpty()) {
            return null;
        }
        try {
            byte[] json = Base64.getUrlDecoder()
                    .decode(header.replace('+', '-').replace('/', '_').replace("=", ""));
            return json.length == 0 ? null : login(Json.read(json, Document.class));
        } catch (IllegalArgumentException | MalformedException _) {
            // without the cause, whose text may hold what was sent
            throw HttpFailure.badRequest("invalid X-Registry-Auth header: want JSON in Base64");
        }
    }

    private static @Nullable Login login(Document document) {
        String user = document.username == null ? "" : document.username;
        String password = document.password == null ? "" : document.password;
        if (user.isEmpty() && document.auth != null) {
            String both = new String(Base64.getDecoder().decode(document.auth), StandardCharsets.UTF_8);
            int colon = both.indexOf(':');
            user = colon < 0 ? both : both.substring(0, colon);
            password = colon < 0 ? "" : both.substring(colon + 1);
        }
        boolean anonymous = user.isEmpty() && isEmpty(document.identityToken) && isEmpty(document.registryToken);
        return anonymous ? null : new Login(user, password, document.identityToken, document.registryToken);
    }

    private static boolean isEmpty(@Nullable String text) {
        return text == null || text.isEmpty();
    }
}
