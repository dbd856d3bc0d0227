package dev.gantry.cli.http;

import java.io.InputStream;
import java.util.Map;

/// The head of an answer and its body, which may go on for ever (logs, events). Header names are in lower case.
public record HttpResponse(int status, String reason, Map<String, String> headers, InputStream body) {
    public HttpResponse {
        headers = Map.copyOf(headers);
    }

    /// A header's value, or an empty string. The name is in lower case.
    public String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /// The media type without its parameters.
    public String mediaType() {
        String type = header("content-type");
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).strip();
    }
}
