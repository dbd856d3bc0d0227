package dev.gantry.registry.protocol;

import java.util.Map;

/// HTTP status codes with their names, as Go's `http.Response.Status` has them.
public final class Statuses {
    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(400, "Bad Request"),
            Map.entry(401, "Unauthorized"),
            Map.entry(403, "Forbidden"),
            Map.entry(404, "Not Found"),
            Map.entry(405, "Method Not Allowed"),
            Map.entry(408, "Request Timeout"),
            Map.entry(409, "Conflict"),
            Map.entry(413, "Request Entity Too Large"),
            Map.entry(416, "Requested Range Not Satisfiable"),
            Map.entry(429, "Too Many Requests"),
            Map.entry(500, "Internal Server Error"),
            Map.entry(501, "Not Implemented"),
            Map.entry(502, "Bad Gateway"),
            Map.entry(503, "Service Unavailable"),
            Map.entry(504, "Gateway Timeout"));

    private Statuses() {}

    /// The number and, where it is known, the name.
    public static String text(int status) {
        return NAMES.containsKey(status) ? status + " " + NAMES.get(status) : Integer.toString(status);
    }
}
