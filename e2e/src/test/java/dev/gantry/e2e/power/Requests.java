package dev.gantry.e2e.power;

import dev.gantry.e2e.EngineConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Requests that have to succeed, to the daemon behind a socket.
record Requests(Path socket) {
    private static final JsonMapper JSON = new JsonMapper();

    /// The answer's text.
    String ask(String method, String path) throws IOException {
        return send(method, path, "application/json", new byte[0]);
    }

    /// The answer as a document.
    JsonNode json(String method, String path) throws IOException {
        return JSON.readTree(ask(method, path));
    }

    /// Sends a body, and gives the answer's text.
    String send(String method, String path, String type, byte[] body) throws IOException {
        try (EngineConnection connection = EngineConnection.open(socket)) {
            connection.write("%s %s HTTP/1.1\r\nHost: docker\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
                    .formatted(method, path, type, body.length)
                    .getBytes(StandardCharsets.US_ASCII));
            connection.write(body);
            EngineConnection.Response answer = connection.receive(false);
            // an error may also come at the end of a stream of progress
            if (answer.status() >= 300 || answer.text().contains("\"error\"")) {
                throw new IOException("%s %s: %d %s".formatted(method, path, answer.status(), answer.text()));
            }
            return answer.text();
        }
    }
}
